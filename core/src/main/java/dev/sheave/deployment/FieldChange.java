package dev.sheave.deployment;

import org.jspecify.annotations.Nullable;

/**
 * A change of one field of a deployment by applying it.
 *
 * @param field its name in YAML
 * @param before the value in the store, or null
 * @param after the new value, or null
 */
public record FieldChange(String field, @Nullable Object before, @Nullable Object after) {}
