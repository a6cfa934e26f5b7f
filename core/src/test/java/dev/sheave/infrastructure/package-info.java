/** Tests. */
@NullMarked
package dev.sheave.infrastructure;

import org.jspecify.annotations.NullMarked;
