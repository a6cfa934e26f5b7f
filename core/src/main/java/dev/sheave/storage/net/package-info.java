/**
 * How backends reach servers: bounds on what these send, proxies, trusted certificates, addresses,
 * and connections that are shared. For those who write a backend.
 */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.storage.net;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
