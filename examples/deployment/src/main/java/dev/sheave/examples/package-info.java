/** Flows and the programs that deploy them. */
@NullMarked
package dev.sheave.examples;

import org.jspecify.annotations.NullMarked;
