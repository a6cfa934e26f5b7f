/**
 * The connection to Sheave's records ({@link dev.sheave.Sheave}) and the one exception of the
 * library.
 */
@NullMarked
@Stability(Level.STABLE)
package dev.sheave;

import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
