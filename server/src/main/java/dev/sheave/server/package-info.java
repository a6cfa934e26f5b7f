/**
 * The server: it serves a connection's records over HTTP, in the REST protocol of Prefect 2, so
 * that programs in Java and Python share them.
 */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.server;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
