package dev.sheave.api;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A variable: a named value that flows read.
 *
 * @param id its id
 * @param created when it was created
 * @param updated when it was last changed
 * @param name its name
 * @param value its value
 * @param tags its tags
 */
public record VariableRecord(
    UUID id, Instant created, Instant updated, String name, String value, List<String> tags) {}
