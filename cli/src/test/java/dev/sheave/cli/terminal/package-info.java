@NullMarked
package dev.sheave.cli.terminal;

import org.jspecify.annotations.NullMarked;
