/**
 * Transactions, connections, the database's file and its migrations: all that is known here of the
 * kind of database.
 */
@NullMarked
package dev.sheave.orchestrator.internal.database;

import org.jspecify.annotations.NullMarked;
