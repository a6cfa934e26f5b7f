package dev.sheave.api;

import java.util.UUID;

/**
 * A filter of work pools. Immutable.
 *
 * @param operator whether all conditions must hold, or one of them
 * @param id their ids
 * @param name their names
 * @param type their types
 */
public record WorkPoolFilter(
    Operator operator, FieldMatch<UUID> id, FieldMatch<String> name, FieldMatch<String> type) {

  /** All pools. */
  public static final WorkPoolFilter ALL = builder().build();

  /** Starts a builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder().operator(operator).id(id).name(name).type(type);
  }

  /** Builds a work pool filter. Not safe for use by several threads. */
  public static final class Builder {
    private Operator operator = Operator.AND;
    private FieldMatch<UUID> id = FieldMatch.any();
    private FieldMatch<String> name = FieldMatch.any();
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

    /** Sets their names. */
    public Builder name(FieldMatch<String> value) {
      name = value;
      return this;
    }

    /** Sets their types. */
    public Builder type(FieldMatch<String> value) {
      type = value;
      return this;
    }

    /** Builds it. */
    public WorkPoolFilter build() {
      return new WorkPoolFilter(operator, id, name, type);
    }
  }
}
