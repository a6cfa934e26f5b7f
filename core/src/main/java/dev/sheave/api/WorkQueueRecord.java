package dev.sheave.api;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A work queue.
 *
 * @param id its id
 * @param created when it was created
 * @param updated when it was last changed
 * @param name its name
 * @param description its description
 * @param isPaused whether it hands out no runs
 * @param concurrencyLimit how many of its runs may be active at once; null for any number
 * @param priority 1 is first
 * @param workPoolId the pool it is in
 * @param workPoolName that pool's name; empty if the store doesn't say
 * @param lastPolled when an agent last asked
 */
public record WorkQueueRecord(
    UUID id,
    Instant created,
    Instant updated,
    String name,
    @Nullable String description,
    boolean isPaused,
    @Nullable Integer concurrencyLimit,
    int priority,
    UUID workPoolId,
    String workPoolName,
    @Nullable Instant lastPolled) {}
