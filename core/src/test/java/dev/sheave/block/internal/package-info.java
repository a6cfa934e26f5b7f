/** Tests of what blocks are made of. */
@NullMarked
package dev.sheave.block.internal;

import org.jspecify.annotations.NullMarked;
