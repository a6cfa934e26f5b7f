/**
 * Where flow runs execute: the infrastructure capability, overrides, and the block for local
 * processes.
 */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.infrastructure;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
