/** Tests of blocks, readable as a guide to what block types can be made of. */
@NullMarked
package dev.sheave.block;

import org.jspecify.annotations.NullMarked;
