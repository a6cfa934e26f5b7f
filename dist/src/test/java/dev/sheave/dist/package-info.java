@NullMarked
package dev.sheave.dist;

import org.jspecify.annotations.NullMarked;
