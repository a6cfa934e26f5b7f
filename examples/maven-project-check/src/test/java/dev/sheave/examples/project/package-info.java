/** Projects as users have them, from their build to their runs. */
@NullMarked
package dev.sheave.examples.project;

import org.jspecify.annotations.NullMarked;
