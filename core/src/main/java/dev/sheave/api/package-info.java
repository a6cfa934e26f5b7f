/**
 * The orchestration contract and the records that travel over it, in the shape of the REST
 * protocol.
 */
@NullMarked
package dev.sheave.api;

import org.jspecify.annotations.NullMarked;
