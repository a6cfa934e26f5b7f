/**
 * The orchestration contract and the records that travel over it, in the shape of the REST
 * protocol.
 */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.api;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
