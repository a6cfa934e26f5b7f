/** Puts the parts of the orchestrator together. */
@NullMarked
package dev.sheave.orchestrator.internal;

import org.jspecify.annotations.NullMarked;
