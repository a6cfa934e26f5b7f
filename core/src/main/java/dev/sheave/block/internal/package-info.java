/**
 * Reads, writes and describes values of Java types as JSON values and JSON schema, for the fields
 * of blocks and the parameters of flows.
 *
 * <p>The closed set of types is that of the protocol: strings, numbers, booleans, enums, dates,
 * durations, URIs, lists, maps, records, blocks, and sealed interfaces of records or blocks.
 */
@NullMarked
package dev.sheave.block.internal;

import org.jspecify.annotations.NullMarked;
