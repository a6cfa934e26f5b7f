@NullMarked
package dev.sheave.flow.internal;

import org.jspecify.annotations.NullMarked;
