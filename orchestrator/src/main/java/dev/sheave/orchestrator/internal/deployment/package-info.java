/** The records of flows and deployments. */
@NullMarked
package dev.sheave.orchestrator.internal.deployment;

import org.jspecify.annotations.NullMarked;
