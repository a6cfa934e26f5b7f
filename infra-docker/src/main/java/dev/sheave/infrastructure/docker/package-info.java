/** The {@code docker-container} and {@code docker-registry} blocks: flow runs in containers. */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.infrastructure.docker;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
