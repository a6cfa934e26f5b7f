/** The {@code sheave} commands, as a library that the distribution's launcher starts. */
@NullMarked
package dev.sheave.cli;

import org.jspecify.annotations.NullMarked;
