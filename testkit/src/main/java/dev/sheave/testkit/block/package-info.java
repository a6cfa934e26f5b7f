/** The contract of block types, to extend for each type in its module's tests. */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.testkit.block;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
