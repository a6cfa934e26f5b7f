/** The {@code kubernetes-job} and {@code kubernetes-cluster-config} blocks: flow runs as jobs. */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.infrastructure.kubernetes;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
