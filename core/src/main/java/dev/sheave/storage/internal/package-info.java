/** Code shared by the storage packages; not for use outside of Sheave. */
@NullMarked
package dev.sheave.storage.internal;

import org.jspecify.annotations.NullMarked;
