/** The services that keep the records. */
@NullMarked
package dev.sheave.orchestrator.internal.service;

import org.jspecify.annotations.NullMarked;
