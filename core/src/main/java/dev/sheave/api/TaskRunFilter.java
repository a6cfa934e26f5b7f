package dev.sheave.api;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A filter of task runs. Immutable.
 *
 * @param operator whether all conditions must hold, or one of them
 * @param id their ids
 * @param name their names
 * @param tags their tags
 * @param state the states they are in
 * @param startTime when they first entered Running
 * @param isSubflow whether they stand for a flow run that they started; null for both
 */
public record TaskRunFilter(
    Operator operator,
    FieldMatch<UUID> id,
    FieldMatch<String> name,
    TagMatch tags,
    StateMatch state,
    TimeMatch startTime,
    @Nullable Boolean isSubflow) {

  /** All task runs. */
  public static final TaskRunFilter ALL = builder().build();

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
        .state(state)
        .startTime(startTime)
        .isSubflow(isSubflow);
  }

  /** Builds a task run filter. Not safe for use by several threads. */
  public static final class Builder {
    private Operator operator = Operator.AND;
    private FieldMatch<UUID> id = FieldMatch.any();
    private FieldMatch<String> name = FieldMatch.any();
    private TagMatch tags = TagMatch.ANY;
    private StateMatch state = StateMatch.ANY;
    private TimeMatch startTime = TimeMatch.ANY;
    private @Nullable Boolean isSubflow;

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

    /** Sets the states they are in. */
    public Builder state(StateMatch value) {
      state = value;
      return this;
    }

    /** Sets when they first entered Running. */
    public Builder startTime(TimeMatch value) {
      startTime = value;
      return this;
    }

    /** Sets whether they stand for a flow run that they started. */
    public Builder isSubflow(@Nullable Boolean value) {
      isSubflow = value;
      return this;
    }

    /** Builds it. */
    public TaskRunFilter build() {
      return new TaskRunFilter(operator, id, name, tags, state, startTime, isSubflow);
    }
  }
}
