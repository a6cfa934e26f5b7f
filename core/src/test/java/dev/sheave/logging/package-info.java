/** A log that tests can read. */
@NullMarked
package dev.sheave.logging;

import org.jspecify.annotations.NullMarked;
