/** The records of block types, schemas and documents. */
@NullMarked
package dev.sheave.orchestrator.internal.block;

import org.jspecify.annotations.NullMarked;
