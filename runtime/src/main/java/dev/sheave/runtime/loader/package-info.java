/**
 * Finding flows in a directory of code: the compiler, the class loader of flow code, and the cache
 * of compiled classes.
 */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.runtime.loader;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
