package dev.sheave.api;

import dev.sheave.SheaveException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Flows and their deployments.
 *
 * <p>A lookup by a natural key returns an {@link Optional}; an unknown id throws {@link
 * SheaveException.Code#NOT_FOUND}. Safe for use by several threads.
 */
public interface DeploymentApi {

  /** Creates a flow, or returns the one that has its name, unchanged. */
  Created<FlowRecord> findOrCreateFlow(String name, List<String> tags);

  /** Creates a flow, or returns the one that has its name. */
  default FlowRecord createFlow(String name) {
    return findOrCreateFlow(name, List.of()).record();
  }

  /** Reads a flow by id. */
  FlowRecord readFlow(UUID id);

  /** Finds a flow by name. */
  Optional<FlowRecord> findFlow(String name);

  /** Replaces a flow's tags. */
  void updateFlow(UUID id, List<String> tags);

  /** Deletes a flow with its deployments and runs. */
  void deleteFlow(UUID id);

  /** Lists flows. */
  List<FlowRecord> listFlows(RecordFilter filter, FlowSort sort, Page page);

  /** Lists flows, newest first. */
  default List<FlowRecord> listFlows(Page page) {
    return listFlows(RecordFilter.ALL, FlowSort.CREATED_DESC, page);
  }

  /** Counts flows. */
  int countFlows(RecordFilter filter);

  /**
   * Creates a deployment, or replaces the values of the existing one of the same flow and name. The
   * work queue is created if it doesn't exist.
   *
   * @throws SheaveException {@code CONFLICT} if its blocks aren't in this store; {@code NOT_FOUND}
   *     if its flow or its work pool isn't
   */
  Applied applyDeployment(DeploymentSpec spec);

  /** Reads a deployment by id. */
  DeploymentRecord readDeployment(UUID id);

  /**
   * Changes a deployment. A work queue that doesn't exist is created.
   *
   * @throws SheaveException as {@link #applyDeployment}
   */
  void updateDeployment(UUID id, DeploymentUpdate update);

  /** Finds a deployment by its flow's name and its own. */
  Optional<DeploymentRecord> findDeployment(String flowName, String name);

  /** Lists deployments. */
  List<DeploymentRecord> listDeployments(RecordFilter filter, DeploymentSort sort, Page page);

  /** Lists deployments, newest first; of the named flows, or of all flows if the set is empty. */
  default List<DeploymentRecord> listDeployments(Set<String> flowNames, Page page) {
    return listDeployments(
        flowNames.isEmpty() ? RecordFilter.ALL : RecordFilter.ALL.withFlowNames(flowNames),
        DeploymentSort.CREATED_DESC,
        page);
  }

  /** Counts deployments. */
  int countDeployments(RecordFilter filter);

  /** Deletes a deployment; its runs stay. */
  void deleteDeployment(UUID id);

  /**
   * Returns the next times of a schedule.
   *
   * @param after only later ones
   * @param count how many; fewer if the schedule ends
   * @throws SheaveException {@code INVALID}, with a column and a hint, for a schedule that can't be
   *     or never comes; {@code UNSUPPORTED} without {@link Feature#SCHEDULE_PREVIEW}
   */
  List<Instant> previewSchedule(Schedule schedule, Instant after, int count);

  /**
   * Creates the runs of a deployment's schedule in a period, also if the schedule isn't active or
   * the period is over. Runs that are there already stay as they are; without a schedule there are
   * none.
   *
   * @throws SheaveException {@code INVALID} if more than {@link SchedulePeriod#MAX_RUNS} runs are
   *     asked for
   */
  void scheduleRuns(UUID id, SchedulePeriod period);

  /**
   * Of which times runs are created. What is null is chosen by who keeps the records, as for runs
   * that are created by themselves.
   *
   * @param from the first time
   * @param to the last time
   * @param minTime how long after the first time the runs reach at least
   * @param minRuns how many runs there are at least
   * @param maxRuns how many runs there are at most
   */
  record SchedulePeriod(
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable Duration minTime,
      @Nullable Integer minRuns,
      @Nullable Integer maxRuns) {
    /** How many runs can be created at once. */
    public static final int MAX_RUNS = 1000;
  }

  /**
   * The result of applying a deployment.
   *
   * @param deployment the deployment as it is now
   * @param created whether it is new
   */
  record Applied(DeploymentRecord deployment, boolean created) {}

  /** The order in which flows are listed. */
  enum FlowSort {
    /** The most recently created first. */
    CREATED_DESC,
    /** The most recently changed first. */
    UPDATED_DESC,
    /** By name. */
    NAME_ASC,
    /** By name, the last first. */
    NAME_DESC
  }

  /** The order in which deployments are listed. */
  enum DeploymentSort {
    /** The most recently created first. */
    CREATED_DESC,
    /** The most recently changed first. */
    UPDATED_DESC,
    /** By name. */
    NAME_ASC,
    /** By name, the last first. */
    NAME_DESC
  }
}
