package dev.sheave.api;

import org.jspecify.annotations.Nullable;

/**
 * A work queue to be created.
 *
 * @param name its name
 * @param description its description
 * @param isPaused whether it hands out no runs
 * @param concurrencyLimit how many of its runs may be active at once; null for any number
 * @param priority 1 is first; null for after all others of its pool
 */
public record NewWorkQueue(
    String name,
    @Nullable String description,
    boolean isPaused,
    @Nullable Integer concurrencyLimit,
    @Nullable Integer priority) {

  /** Starts a builder. */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder(name)
        .description(description)
        .isPaused(isPaused)
        .concurrencyLimit(concurrencyLimit)
        .priority(priority);
  }

  /** Builds a new work queue. Not safe for use by several threads. */
  public static final class Builder {
    private String name;
    private @Nullable String description;
    private boolean isPaused;
    private @Nullable Integer concurrencyLimit;
    private @Nullable Integer priority;

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

    /** Sets 1 is first. */
    public Builder priority(@Nullable Integer value) {
      priority = value;
      return this;
    }

    /** Builds it. */
    public NewWorkQueue build() {
      return new NewWorkQueue(name, description, isPaused, concurrencyLimit, priority);
    }
  }
}
