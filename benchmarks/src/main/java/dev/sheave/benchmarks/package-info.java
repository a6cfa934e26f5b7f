/** Measurements: JMH benchmarks and side-by-side comparisons. */
@NullMarked
package dev.sheave.benchmarks;

import org.jspecify.annotations.NullMarked;
