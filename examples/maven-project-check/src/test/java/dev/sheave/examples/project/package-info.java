/** Runs the Maven project among the examples. */
@NullMarked
package dev.sheave.examples.project;

import org.jspecify.annotations.NullMarked;
