/** Unit tests of flows: a run to call them in, with blocks and storage of its own. */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.testkit.flow;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
