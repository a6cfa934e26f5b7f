/** Checks of values by the JSON schemas that are stored with them. */
@NullMarked
package dev.sheave.orchestrator.internal.schema;

import org.jspecify.annotations.NullMarked;
