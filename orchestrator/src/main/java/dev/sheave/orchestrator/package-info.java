/**
 * The orchestration contract over JDBC: the rules for states, the records in SQLite, and the
 * services that keep them tidy. The only module that contains SQL.
 */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.orchestrator;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
