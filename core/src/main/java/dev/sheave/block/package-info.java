/**
 * Blocks: named, typed, secret-aware configuration for outside systems, their schemas, and how
 * their types are found.
 */
@NullMarked
package dev.sheave.block;

import org.jspecify.annotations.NullMarked;
