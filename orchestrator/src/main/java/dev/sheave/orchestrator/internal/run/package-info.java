/** The records of flow runs, the rules for their states, and their logs. */
@NullMarked
package dev.sheave.orchestrator.internal.run;

import org.jspecify.annotations.NullMarked;
