/** The records of work pools and work queues. */
@NullMarked
package dev.sheave.orchestrator.internal.queue;

import org.jspecify.annotations.NullMarked;
