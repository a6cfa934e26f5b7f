package dev.sheave.api;

/**
 * What was removed from a store because it was old.
 *
 * @param flowRuns how many flow runs, with their states, task runs, logs and artifacts
 * @param auditEntries how many notes of changes
 */
public record Pruned(int flowRuns, int auditEntries) {

  /** Whether nothing was removed. */
  public boolean isNothing() {
    return flowRuns == 0 && auditEntries == 0;
  }
}
