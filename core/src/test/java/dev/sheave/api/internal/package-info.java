@NullMarked
package dev.sheave.api.internal;

import org.jspecify.annotations.NullMarked;
