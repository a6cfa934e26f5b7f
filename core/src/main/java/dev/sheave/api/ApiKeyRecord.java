package dev.sheave.api;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An API key of a server, without its secret. Immutable.
 *
 * @param id its id
 * @param created when it was made
 * @param name what people call it; while it is rolled, two keys have the same
 * @param start the characters that it begins with, by which people know it
 * @param scope what it is good for
 * @param expires when it ends; null for never
 * @param lastUsed when it was used last, to the minute; null for never
 * @param flowRunId the run whose key it is; null for a key of people and programs
 * @param isRunOver whether that run is over
 */
public record ApiKeyRecord(
    UUID id,
    Instant created,
    String name,
    String start,
    KeyScope scope,
    @Nullable Instant expires,
    @Nullable Instant lastUsed,
    @Nullable UUID flowRunId,
    boolean isRunOver) {}
