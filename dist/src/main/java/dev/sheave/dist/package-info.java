/** Puts together what is installed: launcher, libraries, a folder for each backend and an index. */
@NullMarked
package dev.sheave.dist;

import org.jspecify.annotations.NullMarked;
