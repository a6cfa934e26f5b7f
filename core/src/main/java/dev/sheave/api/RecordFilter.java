package dev.sheave.api;

import java.util.Set;

/**
 * A filter of records by what they are and by what they belong to or have, as the protocol's
 * listings take it. For flow runs, for example, {@code flows} are those they are of, and {@code
 * taskRuns} those they have. All parts must match. Immutable.
 *
 * @param flows the flows
 * @param flowRuns the flow runs
 * @param taskRuns the task runs
 * @param deployments the deployments
 * @param workPools the work pools
 * @param workQueues the work queues
 */
public record RecordFilter(
    FlowFilter flows,
    FlowRunFilter flowRuns,
    TaskRunFilter taskRuns,
    DeploymentFilter deployments,
    WorkPoolFilter workPools,
    WorkQueueFilter workQueues) {

  /** All records. */
  public static final RecordFilter ALL = builder().build();

  /** What matches a filter of flow runs. */
  public static RecordFilter of(FlowRunFilter flowRuns) {
    return builder().flowRuns(flowRuns).build();
  }

  /** What matches this and belongs to one of the named flows. */
  public RecordFilter withFlowNames(Set<String> names) {
    return toBuilder().flows(flows.toBuilder().name(FieldMatch.anyOf(names)).build()).build();
  }

  /** Starts a builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder()
        .flows(flows)
        .flowRuns(flowRuns)
        .taskRuns(taskRuns)
        .deployments(deployments)
        .workPools(workPools)
        .workQueues(workQueues);
  }

  /** Builds a record filter. Not safe for use by several threads. */
  public static final class Builder {
    private FlowFilter flows = FlowFilter.ALL;
    private FlowRunFilter flowRuns = FlowRunFilter.ALL;
    private TaskRunFilter taskRuns = TaskRunFilter.ALL;
    private DeploymentFilter deployments = DeploymentFilter.ALL;
    private WorkPoolFilter workPools = WorkPoolFilter.ALL;
    private WorkQueueFilter workQueues = WorkQueueFilter.ALL;

    private Builder() {}

    /** Sets the flows. */
    public Builder flows(FlowFilter value) {
      flows = value;
      return this;
    }

    /** Sets the flow runs. */
    public Builder flowRuns(FlowRunFilter value) {
      flowRuns = value;
      return this;
    }

    /** Sets the task runs. */
    public Builder taskRuns(TaskRunFilter value) {
      taskRuns = value;
      return this;
    }

    /** Sets the deployments. */
    public Builder deployments(DeploymentFilter value) {
      deployments = value;
      return this;
    }

    /** Sets the work pools. */
    public Builder workPools(WorkPoolFilter value) {
      workPools = value;
      return this;
    }

    /** Sets the work queues. */
    public Builder workQueues(WorkQueueFilter value) {
      workQueues = value;
      return this;
    }

    /** Builds it. */
    public RecordFilter build() {
      return new RecordFilter(flows, flowRuns, taskRuns, deployments, workPools, workQueues);
    }
  }
}
