package dev.sheave.api;

import java.util.UUID;

/**
 * A filter of work queues. Immutable.
 *
 * @param operator whether all conditions must hold, or one of them
 * @param id their ids
 * @param name their names
 */
public record WorkQueueFilter(Operator operator, FieldMatch<UUID> id, FieldMatch<String> name) {

  /** All queues. */
  public static final WorkQueueFilter ALL = builder().build();

  /** Starts a builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder().operator(operator).id(id).name(name);
  }

  /** Builds a work queue filter. Not safe for use by several threads. */
  public static final class Builder {
    private Operator operator = Operator.AND;
    private FieldMatch<UUID> id = FieldMatch.any();
    private FieldMatch<String> name = FieldMatch.any();

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

    /** Builds it. */
    public WorkQueueFilter build() {
      return new WorkQueueFilter(operator, id, name);
    }
  }
}
