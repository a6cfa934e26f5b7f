@NullMarked
package dev.sheave.cli;

import org.jspecify.annotations.NullMarked;
