package dev.sheave.api;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An artifact to be created.
 *
 * @param key its key: lower-case letters, digits and hyphens; a newer one of a key replaces the
 *     older in listings of the latest
 * @param type its kind, such as {@code markdown}
 * @param description its description
 * @param data its content; a JSON value
 * @param metadata further values
 * @param flowRunId the run that made it, if any
 * @param taskRunId the task run that made it, if any
 */
public record NewArtifact(
    @Nullable String key,
    @Nullable String type,
    @Nullable String description,
    @Nullable Object data,
    Map<String, @Nullable Object> metadata,
    @Nullable UUID flowRunId,
    @Nullable UUID taskRunId) {

  /** Starts a builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder()
        .key(key)
        .type(type)
        .description(description)
        .data(data)
        .metadata(metadata)
        .flowRunId(flowRunId)
        .taskRunId(taskRunId);
  }

  /** Builds a new artifact. Not safe for use by several threads. */
  public static final class Builder {
    private @Nullable String key;
    private @Nullable String type;
    private @Nullable String description;
    private @Nullable Object data;
    private Map<String, @Nullable Object> metadata = Map.of();
    private @Nullable UUID flowRunId;
    private @Nullable UUID taskRunId;

    private Builder() {}

    /** Sets its key: lower-case letters, digits and hyphens. */
    public Builder key(@Nullable String value) {
      key = value;
      return this;
    }

    /** Sets its kind, such as {@code markdown}. */
    public Builder type(@Nullable String value) {
      type = value;
      return this;
    }

    /** Sets its description. */
    public Builder description(@Nullable String value) {
      description = value;
      return this;
    }

    /** Sets its content. */
    public Builder data(@Nullable Object value) {
      data = value;
      return this;
    }

    /** Sets further values. */
    public Builder metadata(Map<String, @Nullable Object> value) {
      metadata = value;
      return this;
    }

    /** Sets the run that made it, if any. */
    public Builder flowRunId(@Nullable UUID value) {
      flowRunId = value;
      return this;
    }

    /** Sets the task run that made it, if any. */
    public Builder taskRunId(@Nullable UUID value) {
      taskRunId = value;
      return this;
    }

    /** Builds it. */
    public NewArtifact build() {
      return new NewArtifact(key, type, description, data, metadata, flowRunId, taskRunId);
    }
  }
}
