/** The records that stand alone: variables, artifacts and saved searches. */
@NullMarked
package dev.sheave.orchestrator.internal.record;

import org.jspecify.annotations.NullMarked;
