/**
 * How values of Java types are read from JSON values, written as JSON values and described by JSON
 * schema: for the fields of blocks and the parameters of flows alike.
 *
 * <p>The closed set of types is that of the protocol: text, numbers, booleans, enums, dates,
 * durations, URIs, lists, maps, records, blocks, and sealed interfaces of records or blocks.
 */
@NullMarked
package dev.sheave.block.internal;

import org.jspecify.annotations.NullMarked;
