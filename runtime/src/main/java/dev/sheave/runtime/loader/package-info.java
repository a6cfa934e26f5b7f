/**
 * Finding flows in a directory of code: the compiler, the class loader of flow code, and the cache
 * of compiled classes.
 */
@NullMarked
package dev.sheave.runtime.loader;

import org.jspecify.annotations.NullMarked;
