/** The contract of infrastructure. */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.testkit.infrastructure;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
