package dev.sheave.orchestrator.internal.database;

import dev.sheave.orchestrator.internal.secret.KeyRing;

/**
 * An open database.
 *
 * @param database the database
 * @param keys the keys that its documents are encrypted with
 */
public record OpenDatabase(Database database, KeyRing keys) {}
