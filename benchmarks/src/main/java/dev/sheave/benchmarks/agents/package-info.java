/** Benchmarks of agents, their leases and schedules, beside other programs. */
@NullMarked
package dev.sheave.benchmarks.agents;

import org.jspecify.annotations.NullMarked;
