/**
 * Deployments: a flow, its code in storage, and the infrastructure and parameters its runs start
 * with.
 */
@NullMarked
@Stability(Level.STABLE)
package dev.sheave.deployment;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
