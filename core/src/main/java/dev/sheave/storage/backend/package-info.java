/** What storage backends share. For those who write one. */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.storage.backend;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
