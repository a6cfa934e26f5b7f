/** Flows as methods, and the runs that tests give them. */
@NullMarked
package dev.sheave.flow;

import org.jspecify.annotations.NullMarked;
