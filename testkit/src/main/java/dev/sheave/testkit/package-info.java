/**
 * Contract tests for blocks, storage and infrastructure. A backend's own tests extend them, in
 * Sheave and outside of it.
 */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.testkit;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
