package dev.sheave.api;

import java.util.UUID;

/**
 * A filter of variables. Immutable.
 *
 * @param operator whether all conditions must hold, or one of them
 * @param id their ids
 * @param name their names
 * @param value their values
 * @param tags their tags
 */
public record VariableFilter(
    Operator operator,
    FieldMatch<UUID> id,
    FieldMatch<String> name,
    FieldMatch<String> value,
    TagMatch tags) {

  /** All variables. */
  public static final VariableFilter ALL = builder().build();

  /** Starts a builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder().operator(operator).id(id).name(name).value(value).tags(tags);
  }

  /** Builds a variable filter. Not safe for use by several threads. */
  public static final class Builder {
    private Operator operator = Operator.AND;
    private FieldMatch<UUID> id = FieldMatch.any();
    private FieldMatch<String> name = FieldMatch.any();
    private FieldMatch<String> value = FieldMatch.any();
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

    /** Sets their values. */
    public Builder value(FieldMatch<String> match) {
      value = match;
      return this;
    }

    /** Sets their tags. */
    public Builder tags(TagMatch value) {
      tags = value;
      return this;
    }

    /** Builds it. */
    public VariableFilter build() {
      return new VariableFilter(operator, id, name, value, tags);
    }
  }
}
