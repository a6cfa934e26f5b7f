package dev.sheave.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A work pool to be created.
 *
 * @param name its name
 * @param description its description
 * @param type the kind of infrastructure it is for
 * @param baseJobTemplate the template of its jobs, for workers of other programs
 * @param isPaused whether it hands out no runs
 * @param concurrencyLimit how many of its runs may be active at once; null for any number
 */
public record NewWorkPool(
    String name,
    @Nullable String description,
    String type,
    Map<String, @Nullable Object> baseJobTemplate,
    boolean isPaused,
    @Nullable Integer concurrencyLimit) {

  /** Starts a builder. */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder(name)
        .description(description)
        .type(type)
        .baseJobTemplate(baseJobTemplate)
        .isPaused(isPaused)
        .concurrencyLimit(concurrencyLimit);
  }

  /** Builds a new work pool. Not safe for use by several threads. */
  public static final class Builder {
    private String name;
    private @Nullable String description;
    private String type = WorkPoolApi.AGENT_TYPE;
    private Map<String, @Nullable Object> baseJobTemplate = Map.of();
    private boolean isPaused;
    private @Nullable Integer concurrencyLimit;

    private Builder(String name) {
      this.name = name;
    }

    /** Sets its name. */
    public Builder name(String value) {
      name = value;
      return this;
    }

    /** Sets its description. */
    public Builder description(@Nullable String value) {
      description = value;
      return this;
    }

    /** Sets the kind of infrastructure it is for. */
    public Builder type(String value) {
      type = value;
      return this;
    }

    /** Sets the template of its jobs, for workers of other programs. */
    public Builder baseJobTemplate(Map<String, @Nullable Object> value) {
      baseJobTemplate = value;
      return this;
    }

    /** Sets whether it hands out no runs. */
    public Builder isPaused(boolean value) {
      isPaused = value;
      return this;
    }

    /** Sets how many of its runs may be active at once. */
    public Builder concurrencyLimit(@Nullable Integer value) {
      concurrencyLimit = value;
      return this;
    }

    /** Builds it. */
    public NewWorkPool build() {
      return new NewWorkPool(name, description, type, baseJobTemplate, isPaused, concurrencyLimit);
    }
  }
}
