package dev.sheave.api;

import java.util.Set;
import java.util.UUID;

/**
 * A filter of flow runs. Immutable.
 *
 * @param operator whether all conditions must hold, or one of them
 * @param id their ids
 * @param name their names
 * @param tags their tags
 * @param deploymentId the deployments they are of
 * @param workQueueName the queues they wait, or waited, in
 * @param state the states they are in
 * @param flowVersion the versions of their code
 * @param startTime when they first entered Running
 * @param expectedStartTime when they were due
 * @param nextScheduledStartTime when they are due, while they wait
 * @param parentTaskRunId the task runs that started them
 * @param idempotencyKey the keys that made them unique
 * @param leaseOwner who has claimed them
 * @param leaseEnd until when they are claimed
 * @param endTime when they ended
 */
public record FlowRunFilter(
    Operator operator,
    FieldMatch<UUID> id,
    FieldMatch<String> name,
    TagMatch tags,
    FieldMatch<UUID> deploymentId,
    FieldMatch<String> workQueueName,
    StateMatch state,
    FieldMatch<String> flowVersion,
    TimeMatch startTime,
    TimeMatch expectedStartTime,
    TimeMatch nextScheduledStartTime,
    FieldMatch<UUID> parentTaskRunId,
    FieldMatch<String> idempotencyKey,
    FieldMatch<String> leaseOwner,
    TimeMatch leaseEnd,
    TimeMatch endTime) {

  /** All runs. */
  public static final FlowRunFilter ALL = builder().build();

  /** These runs that have one of the ids. */
  public FlowRunFilter withIds(Set<UUID> ids) {
    return toBuilder().id(FieldMatch.anyOf(ids)).build();
  }

  /** These runs that are in a state of one of the types. */
  public FlowRunFilter withStateTypes(Set<StateType> types) {
    return toBuilder().state(state.withTypes(types)).build();
  }

  /** These runs that are in a state of one of the names. */
  public FlowRunFilter withStateNames(Set<String> names) {
    return toBuilder().state(state.withNames(names)).build();
  }

  /** These runs that wait, or waited, in one of the named queues. */
  public FlowRunFilter withWorkQueueNames(Set<String> names) {
    return toBuilder().workQueueName(FieldMatch.anyOf(names)).build();
  }

  /** Starts a builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder()
        .operator(operator)
        .id(id)
        .name(name)
        .tags(tags)
        .deploymentId(deploymentId)
        .workQueueName(workQueueName)
        .state(state)
        .flowVersion(flowVersion)
        .startTime(startTime)
        .expectedStartTime(expectedStartTime)
        .nextScheduledStartTime(nextScheduledStartTime)
        .parentTaskRunId(parentTaskRunId)
        .idempotencyKey(idempotencyKey)
        .leaseOwner(leaseOwner)
        .leaseEnd(leaseEnd)
        .endTime(endTime);
  }

  /** Builds a flow run filter. Not safe for use by several threads. */
  public static final class Builder {
    private Operator operator = Operator.AND;
    private FieldMatch<UUID> id = FieldMatch.any();
    private FieldMatch<String> name = FieldMatch.any();
    private TagMatch tags = TagMatch.ANY;
    private FieldMatch<UUID> deploymentId = FieldMatch.any();
    private FieldMatch<String> workQueueName = FieldMatch.any();
    private StateMatch state = StateMatch.ANY;
    private FieldMatch<String> flowVersion = FieldMatch.any();
    private TimeMatch startTime = TimeMatch.ANY;
    private TimeMatch expectedStartTime = TimeMatch.ANY;
    private TimeMatch nextScheduledStartTime = TimeMatch.ANY;
    private FieldMatch<UUID> parentTaskRunId = FieldMatch.any();
    private FieldMatch<String> idempotencyKey = FieldMatch.any();
    private FieldMatch<String> leaseOwner = FieldMatch.any();
    private TimeMatch leaseEnd = TimeMatch.ANY;
    private TimeMatch endTime = TimeMatch.ANY;

    private Builder() {}

    /** Sets whether all conditions must hold, or one of them. */
    public Builder operator(Operator value) {
      operator = value;
      return this;
    }

    /** Sets their ids. */
    public Builder id(FieldMatch<UUID> value) {
      id = value;
      return this;
    }

    /** Sets their names. */
    public Builder name(FieldMatch<String> value) {
      name = value;
      return this;
    }

    /** Sets their tags. */
    public Builder tags(TagMatch value) {
      tags = value;
      return this;
    }

    /** Sets the deployments they are of. */
    public Builder deploymentId(FieldMatch<UUID> value) {
      deploymentId = value;
      return this;
    }

    /** Sets the queues they wait, or waited, in. */
    public Builder workQueueName(FieldMatch<String> value) {
      workQueueName = value;
      return this;
    }

    /** Sets the states they are in. */
    public Builder state(StateMatch value) {
      state = value;
      return this;
    }

    /** Sets the versions of their code. */
    public Builder flowVersion(FieldMatch<String> value) {
      flowVersion = value;
      return this;
    }

    /** Sets when they first entered Running. */
    public Builder startTime(TimeMatch value) {
      startTime = value;
      return this;
    }

    /** Sets when they were due. */
    public Builder expectedStartTime(TimeMatch value) {
      expectedStartTime = value;
      return this;
    }

    /** Sets when they are due, while they wait. */
    public Builder nextScheduledStartTime(TimeMatch value) {
      nextScheduledStartTime = value;
      return this;
    }

    /** Sets the task runs that started them. */
    public Builder parentTaskRunId(FieldMatch<UUID> value) {
      parentTaskRunId = value;
      return this;
    }

    /** Sets the keys that made them unique. */
    public Builder idempotencyKey(FieldMatch<String> value) {
      idempotencyKey = value;
      return this;
    }

    /** Sets who has claimed them. */
    public Builder leaseOwner(FieldMatch<String> value) {
      leaseOwner = value;
      return this;
    }

    /** Sets until when they are claimed. */
    public Builder leaseEnd(TimeMatch value) {
      leaseEnd = value;
      return this;
    }

    /** Sets when they ended. */
    public Builder endTime(TimeMatch value) {
      endTime = value;
      return this;
    }

    /** Builds it. */
    public FlowRunFilter build() {
      return new FlowRunFilter(
          operator,
          id,
          name,
          tags,
          deploymentId,
          workQueueName,
          state,
          flowVersion,
          startTime,
          expectedStartTime,
          nextScheduledStartTime,
          parentTaskRunId,
          idempotencyKey,
          leaseOwner,
          leaseEnd,
          endTime);
    }
  }
}
