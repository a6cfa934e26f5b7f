package dev.sheave.deployment;

import org.jspecify.annotations.Nullable;

/**
 * A field of a deployment that applying it changes.
 *
 * @param field its name in YAML
 * @param before what the store has; null for nothing
 * @param after what it has afterwards; null for nothing
 */
public record FieldChange(String field, @Nullable Object before, @Nullable Object after) {}
