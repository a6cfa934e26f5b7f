package dev.sheave.api;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * How many task runs that have a tag may be in Running at once.
 *
 * @param id its id
 * @param created when it was created
 * @param updated when it was last changed
 * @param tag the tag
 * @param limit how many; none may run if it is 0
 * @param activeSlots the ids of the task runs that hold a slot, the first holder first
 */
public record ConcurrencyLimitRecord(
    UUID id, Instant created, Instant updated, String tag, int limit, List<UUID> activeSlots) {}
