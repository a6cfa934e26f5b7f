/**
 * Flows: the annotations that mark them, how they are named and described, and what a running flow
 * can see of its run.
 */
@NullMarked
@Stability(Level.STABLE)
package dev.sheave.flow;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
