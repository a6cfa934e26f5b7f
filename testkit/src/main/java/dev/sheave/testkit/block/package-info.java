/** The contract of block types, to extend for each type in its module's tests. */
@NullMarked
package dev.sheave.testkit.block;

import org.jspecify.annotations.NullMarked;
