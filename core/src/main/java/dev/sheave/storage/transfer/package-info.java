/**
 * Moving directory trees to and from stores: one engine for every backend, over a small object
 * store contract.
 */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.storage.transfer;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
