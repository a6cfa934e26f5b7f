/** The {@code github} block: storage in a Git repository, on GitHub or any other host. */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.storage.github;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
