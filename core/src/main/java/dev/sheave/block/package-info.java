/**
 * Blocks: named, typed, secret-aware configuration for outside systems, their schemas, and how
 * their types are found.
 */
@NullMarked
@Stability(Level.STABLE)
package dev.sheave.block;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
