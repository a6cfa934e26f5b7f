package dev.sheave.api;

/** What not every implementation of the protocol can do. */
public enum Feature {
  /** Agents say who they are, and get their runs and news in one call, see {@link AgentApi}. */
  AGENTS,
  /** A stale copy of a block document is refused, see {@link BlockApi#updateBlockDocument}. */
  EXPECTED_UPDATED,
  /** A document in use isn't deleted without being detached, see {@link BlockApi}. */
  DETACH,
  /** Runs have overrides of their own, see {@link NewFlowRun#infraOverrides()}. */
  RUN_OVERRIDES,
  /** Runs are claimed many at once, and for a time, see {@link WorkPoolApi#claimRuns}. */
  LEASES,
  /** Pages follow an entry, see {@link Page#after()}. */
  PAGES_AFTER_ENTRY,
  /** Each run has an API key of its own, see {@link FlowRunApi#createRunKey}. */
  RUN_KEYS,
  /** The times of a schedule are told, see {@link DeploymentApi#previewSchedule}. */
  SCHEDULE_PREVIEW,
  /** Keys are made and old records removed by clients, see {@link StoreAdministration}. */
  ADMINISTRATION,
  /** Equal anonymous documents are one, and unused ones are deleted. */
  SHARED_ANONYMOUS_BLOCKS
}
