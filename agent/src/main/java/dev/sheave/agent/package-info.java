/**
 * The agent: it polls work queues, claims flow runs, submits them to infrastructure, and watches
 * and kills the runs it started.
 */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.agent;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
