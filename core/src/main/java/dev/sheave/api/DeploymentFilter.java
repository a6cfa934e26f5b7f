package dev.sheave.api;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A filter of deployments. Immutable.
 *
 * @param operator whether all conditions must hold, or one of them
 * @param id their ids
 * @param name their names
 * @param isScheduleActive whether their schedules are followed; null for both
 * @param tags their tags
 * @param workQueueName the queues their runs wait in
 */
public record DeploymentFilter(
    Operator operator,
    FieldMatch<UUID> id,
    FieldMatch<String> name,
    @Nullable Boolean isScheduleActive,
    TagMatch tags,
    FieldMatch<String> workQueueName) {

  /** All deployments. */
  public static final DeploymentFilter ALL = builder().build();

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
        .isScheduleActive(isScheduleActive)
        .tags(tags)
        .workQueueName(workQueueName);
  }

  /** Builds a deployment filter. Not safe for use by several threads. */
  public static final class Builder {
    private Operator operator = Operator.AND;
    private FieldMatch<UUID> id = FieldMatch.any();
    private FieldMatch<String> name = FieldMatch.any();
    private @Nullable Boolean isScheduleActive;
    private TagMatch tags = TagMatch.ANY;
    private FieldMatch<String> workQueueName = FieldMatch.any();

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

    /** Sets whether their schedules are followed. */
    public Builder isScheduleActive(@Nullable Boolean value) {
      isScheduleActive = value;
      return this;
    }

    /** Sets their tags. */
    public Builder tags(TagMatch value) {
      tags = value;
      return this;
    }

    /** Sets the queues their runs wait in. */
    public Builder workQueueName(FieldMatch<String> value) {
      workQueueName = value;
      return this;
    }

    /** Builds it. */
    public DeploymentFilter build() {
      return new DeploymentFilter(operator, id, name, isScheduleActive, tags, workQueueName);
    }
  }
}
