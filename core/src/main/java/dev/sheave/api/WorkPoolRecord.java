package dev.sheave.api;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A work pool.
 *
 * @param id its id
 * @param created when it was created
 * @param updated when it was last changed
 * @param name its name
 * @param description its description
 * @param type the kind of infrastructure it is for
 * @param baseJobTemplate the template of its jobs, for workers of other programs
 * @param isPaused whether it hands out no runs
 * @param concurrencyLimit how many of its runs may be active at once; null for any number
 * @param defaultQueueId the queue of deployments that name the pool alone; null if it was deleted
 */
public record WorkPoolRecord(
    UUID id,
    Instant created,
    Instant updated,
    String name,
    @Nullable String description,
    String type,
    Map<String, @Nullable Object> baseJobTemplate,
    boolean isPaused,
    @Nullable Integer concurrencyLimit,
    @Nullable UUID defaultQueueId) {}
