/**
 * The commands, one class each, and the tree they hang in. A command's class is loaded when it is
 * the one that was called.
 */
@NullMarked
package dev.sheave.cli.command;

import org.jspecify.annotations.NullMarked;
