/**
 * The records of the orchestration contract as JSON, in the protocol's shape: one codec for each,
 * used by the command line, the store, the client and the server.
 */
@NullMarked
package dev.sheave.api.internal;

import org.jspecify.annotations.NullMarked;
