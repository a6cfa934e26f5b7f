/**
 * Flows: the annotations that mark them, how they are named and described, and what a running flow
 * can see of its run.
 */
@NullMarked
package dev.sheave.flow;

import org.jspecify.annotations.NullMarked;
