/**
 * The pages of the server, made on the server for a browser: they show and change the records by
 * the API of the same process.
 */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.server.pages;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
