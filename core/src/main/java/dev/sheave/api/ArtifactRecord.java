package dev.sheave.api;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An artifact: something that a run made for people to see.
 *
 * @param id its id
 * @param created when it was created
 * @param updated when it was last changed
 * @param key names it, if it has a name
 * @param type its kind, such as {@code markdown}
 * @param description its description
 * @param data its content; a JSON value
 * @param metadata further values
 * @param flowRunId the run that made it, if any
 * @param taskRunId the task run that made it, if any
 */
public record ArtifactRecord(
    UUID id,
    Instant created,
    Instant updated,
    @Nullable String key,
    @Nullable String type,
    @Nullable String description,
    @Nullable Object data,
    Map<String, @Nullable Object> metadata,
    @Nullable UUID flowRunId,
    @Nullable UUID taskRunId) {}
