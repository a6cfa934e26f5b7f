/**
 * The {@code sheave} commands as a library: {@link dev.sheave.cli.SheaveCommand} runs one in this
 * process, {@link dev.sheave.cli.Main} is the program.
 */
@NullMarked
package dev.sheave.cli;

import org.jspecify.annotations.NullMarked;
