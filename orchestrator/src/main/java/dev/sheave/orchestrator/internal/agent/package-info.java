/** The records of agents. */
@NullMarked
package dev.sheave.orchestrator.internal.agent;

import org.jspecify.annotations.NullMarked;
