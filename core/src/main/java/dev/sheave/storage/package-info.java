/** The storage capabilities of blocks, and the block for directories of this machine. */
@NullMarked
@Stability(Level.STABLE)
package dev.sheave.storage;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
