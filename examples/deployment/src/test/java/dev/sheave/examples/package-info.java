@NullMarked
package dev.sheave.examples;

import org.jspecify.annotations.NullMarked;
