/** The times of schedules, and the runs that are created for them. */
@NullMarked
package dev.sheave.orchestrator.internal.schedule;

import org.jspecify.annotations.NullMarked;
