/** The storage capabilities of blocks, and the block for directories of this machine. */
@NullMarked
package dev.sheave.storage;

import org.jspecify.annotations.NullMarked;
