/**
 * What is installed: the entry point of the launcher, and the index of backends from which it opens
 * the one a command needs.
 */
@NullMarked
package dev.sheave.dist;

import org.jspecify.annotations.NullMarked;
