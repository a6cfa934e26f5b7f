/**
 * What Sheave's own modules share around the records: their JSON in the protocol's shape, with one
 * codec for each, used by the command line, the store, the client and the server; and waiting for a
 * store that is away.
 */
@NullMarked
package dev.sheave.api.internal;

import org.jspecify.annotations.NullMarked;
