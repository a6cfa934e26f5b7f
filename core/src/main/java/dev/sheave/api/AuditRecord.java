package dev.sheave.api;

import java.time.Instant;

/**
 * A change that was made through a server. Immutable.
 *
 * @param time when
 * @param who the name of the key that made it; empty for who needed none
 * @param address from where
 * @param method the HTTP method
 * @param path the path below {@code /api}, without its query
 * @param status the status of the answer
 */
public record AuditRecord(
    Instant time, String who, String address, String method, String path, int status) {}
