/**
 * The parts of a flow-run process: the engine that takes a flow run through its states, the loader
 * that finds and compiles its flow, and the capture of its log lines.
 */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.runtime;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
