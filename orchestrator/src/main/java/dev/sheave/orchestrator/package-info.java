/**
 * The orchestration contract over JDBC: the rules for states, the records in SQLite, and the
 * services that keep them tidy. The only module that contains SQL.
 */
@NullMarked
package dev.sheave.orchestrator;

import org.jspecify.annotations.NullMarked;
