package dev.sheave.api;

/**
 * The result of a call that creates a record, or finds the one that was created before.
 *
 * @param record the record
 * @param isNew whether this call created it; in the protocol, the status code 201 in place of 200
 * @param <T> the kind of record
 */
public record Created<T>(T record, boolean isNew) {}
