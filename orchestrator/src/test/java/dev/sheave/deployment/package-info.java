@NullMarked
package dev.sheave.deployment;

import org.jspecify.annotations.NullMarked;
