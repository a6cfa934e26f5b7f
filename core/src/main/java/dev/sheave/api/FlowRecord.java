package dev.sheave.api;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A recorded flow: mainly a name that deployments and runs share.
 *
 * @param id its id
 * @param created when it was first seen
 * @param updated when it was last changed
 * @param name its name
 * @param tags its tags
 */
public record FlowRecord(
    UUID id, Instant created, Instant updated, String name, List<String> tags) {}
