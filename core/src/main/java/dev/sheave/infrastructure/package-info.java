/**
 * Where flow runs execute: the infrastructure capability, overrides, and the block for local
 * processes.
 */
@NullMarked
package dev.sheave.infrastructure;

import org.jspecify.annotations.NullMarked;
