/**
 * The orchestration protocol over HTTP: a client for Sheave's server, and for Prefect 2.10.13's as
 * far as that has the operations.
 */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.api.http;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
