package dev.sheave.api;

import java.time.Instant;
import java.util.UUID;

/**
 * A program that takes runs from a work pool and says so from time to time. Immutable.
 *
 * @param id its id
 * @param created when it was first heard of
 * @param updated when the record was last changed
 * @param name its name, unique in its pool
 * @param workPoolId its pool
 * @param lastHeartbeat when it was last heard of
 */
public record WorkerRecord(
    UUID id,
    Instant created,
    Instant updated,
    String name,
    UUID workPoolId,
    Instant lastHeartbeat) {}
