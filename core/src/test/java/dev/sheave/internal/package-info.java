/** Tests of the texts that Sheave reads and writes. */
@NullMarked
package dev.sheave.internal;

import org.jspecify.annotations.NullMarked;
