/** What commands read from and write to, and how their output looks. */
@NullMarked
package dev.sheave.cli.terminal;

import org.jspecify.annotations.NullMarked;
