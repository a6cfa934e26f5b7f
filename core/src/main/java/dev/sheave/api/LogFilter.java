package dev.sheave.api;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A filter of log lines. Immutable.
 *
 * @param operator whether all conditions must hold, or one of them
 * @param minLevel the lowest severity, see {@link LogLevel}
 * @param maxLevel the highest severity
 * @param timestamp when they were written
 * @param flowRunId the runs they are of
 * @param taskRunId the task runs they are of
 * @param message what they say; a server that isn't Sheave's takes no notice of it
 */
public record LogFilter(
    Operator operator,
    @Nullable Integer minLevel,
    @Nullable Integer maxLevel,
    TimeMatch timestamp,
    FieldMatch<UUID> flowRunId,
    FieldMatch<UUID> taskRunId,
    FieldMatch<String> message) {

  /** All lines. */
  public static final LogFilter ALL = builder().build();

  /** The lines of a run. */
  public static LogFilter ofFlowRun(UUID id) {
    return builder().flowRunId(FieldMatch.anyOf(Set.of(id))).build();
  }

  /** Starts a builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder()
        .operator(operator)
        .minLevel(minLevel)
        .maxLevel(maxLevel)
        .timestamp(timestamp)
        .flowRunId(flowRunId)
        .taskRunId(taskRunId)
        .message(message);
  }

  /** Builds a log filter. Not safe for use by several threads. */
  public static final class Builder {
    private Operator operator = Operator.AND;
    private @Nullable Integer minLevel;
    private @Nullable Integer maxLevel;
    private TimeMatch timestamp = TimeMatch.ANY;
    private FieldMatch<UUID> flowRunId = FieldMatch.any();
    private FieldMatch<UUID> taskRunId = FieldMatch.any();
    private FieldMatch<String> message = FieldMatch.any();

    private Builder() {}

    /** Sets whether all conditions must hold, or one of them. */
    public Builder operator(Operator value) {
      operator = value;
      return this;
    }

    /** Sets the lowest severity, see {@link LogLevel}. */
    public Builder minLevel(@Nullable Integer value) {
      minLevel = value;
      return this;
    }

    /** Sets the highest severity. */
    public Builder maxLevel(@Nullable Integer value) {
      maxLevel = value;
      return this;
    }

    /** Sets when they were written. */
    public Builder timestamp(TimeMatch value) {
      timestamp = value;
      return this;
    }

    /** Sets the runs they are of. */
    public Builder flowRunId(FieldMatch<UUID> value) {
      flowRunId = value;
      return this;
    }

    /** Sets the task runs they are of. */
    public Builder taskRunId(FieldMatch<UUID> value) {
      taskRunId = value;
      return this;
    }

    /** Sets what they say; a server that isn't Sheave's takes no notice of it. */
    public Builder message(FieldMatch<String> value) {
      message = value;
      return this;
    }

    /** Builds it. */
    public LogFilter build() {
      return new LogFilter(operator, minLevel, maxLevel, timestamp, flowRunId, taskRunId, message);
    }
  }
}
