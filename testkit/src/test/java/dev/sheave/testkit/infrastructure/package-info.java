@NullMarked
package dev.sheave.testkit.infrastructure;

import org.jspecify.annotations.NullMarked;
