/** Block types of somebody else's. */
@NullMarked
package dev.sheave.cli.types;

import org.jspecify.annotations.NullMarked;
