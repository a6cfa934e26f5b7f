package dev.sheave.api;

import java.util.UUID;

/**
 * A filter of flows. Immutable.
 *
 * @param operator whether all conditions must hold, or one of them
 * @param id their ids
 * @param name their names
 * @param tags their tags
 */
public record FlowFilter(
    Operator operator, FieldMatch<UUID> id, FieldMatch<String> name, TagMatch tags) {

  /** All flows. */
  public static final FlowFilter ALL = builder().build();

  /** Starts a builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder().operator(operator).id(id).name(name).tags(tags);
  }

  /** Builds a flow filter. Not safe for use by several threads. */
  public static final class Builder {
    private Operator operator = Operator.AND;
    private FieldMatch<UUID> id = FieldMatch.any();
    private FieldMatch<String> name = FieldMatch.any();
    private TagMatch tags = TagMatch.ANY;

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

    /** Builds it. */
    public FlowFilter build() {
      return new FlowFilter(operator, id, name, tags);
    }
  }
}
