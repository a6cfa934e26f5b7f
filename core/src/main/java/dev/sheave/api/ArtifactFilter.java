package dev.sheave.api;

import java.util.UUID;

/**
 * A filter of artifacts. Immutable.
 *
 * @param operator whether all conditions must hold, or one of them
 * @param id their ids
 * @param key their keys
 * @param flowRunId the runs that made them
 * @param taskRunId the task runs that made them
 * @param type their kinds
 */
public record ArtifactFilter(
    Operator operator,
    FieldMatch<UUID> id,
    FieldMatch<String> key,
    FieldMatch<UUID> flowRunId,
    FieldMatch<UUID> taskRunId,
    FieldMatch<String> type) {

  /** All artifacts. */
  public static final ArtifactFilter ALL = builder().build();

  /** Starts a builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder()
        .operator(operator)
        .id(id)
        .key(key)
        .flowRunId(flowRunId)
        .taskRunId(taskRunId)
        .type(type);
  }

  /** Builds a artifact filter. Not safe for use by several threads. */
  public static final class Builder {
    private Operator operator = Operator.AND;
    private FieldMatch<UUID> id = FieldMatch.any();
    private FieldMatch<String> key = FieldMatch.any();
    private FieldMatch<UUID> flowRunId = FieldMatch.any();
    private FieldMatch<UUID> taskRunId = FieldMatch.any();
    private FieldMatch<String> type = FieldMatch.any();

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

    /** Sets their keys. */
    public Builder key(FieldMatch<String> value) {
      key = value;
      return this;
    }

    /** Sets the runs that made them. */
    public Builder flowRunId(FieldMatch<UUID> value) {
      flowRunId = value;
      return this;
    }

    /** Sets the task runs that made them. */
    public Builder taskRunId(FieldMatch<UUID> value) {
      taskRunId = value;
      return this;
    }

    /** Sets their kinds. */
    public Builder type(FieldMatch<String> value) {
      type = value;
      return this;
    }

    /** Builds it. */
    public ArtifactFilter build() {
      return new ArtifactFilter(operator, id, key, flowRunId, taskRunId, type);
    }
  }
}
