package dev.sheave.api;

import java.time.Instant;
import java.util.UUID;

/**
 * A notification policy that is kept. Immutable.
 *
 * @param id its id
 * @param created when it was created
 * @param updated when it was last changed
 * @param policy what it says
 */
public record NotificationPolicyRecord(
    UUID id, Instant created, Instant updated, NotificationPolicy policy) {}
