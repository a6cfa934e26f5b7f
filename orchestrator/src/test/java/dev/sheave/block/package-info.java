/** Tests of blocks as objects, with a store under them. */
@NullMarked
package dev.sheave.block;

import org.jspecify.annotations.NullMarked;
