/** Code shared by Sheave's packages; not for use outside of Sheave. */
@NullMarked
package dev.sheave.internal;

import org.jspecify.annotations.NullMarked;
