/** Small programs that show one thing each, compiled and run by the build. */
@NullMarked
package dev.sheave.examples;

import org.jspecify.annotations.NullMarked;
