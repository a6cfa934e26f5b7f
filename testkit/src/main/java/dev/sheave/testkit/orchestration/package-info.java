/** The contract of {@link dev.sheave.api.OrchestrationApi}, as tests. */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.testkit.orchestration;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
