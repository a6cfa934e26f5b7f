/**
 * The connection to Sheave's records ({@link dev.sheave.Sheave}) and the one exception of the
 * library.
 */
@NullMarked
package dev.sheave;

import org.jspecify.annotations.NullMarked;
