/** Core's own block types, by the contract of all. */
@NullMarked
package dev.sheave.testkit.block;

import org.jspecify.annotations.NullMarked;
