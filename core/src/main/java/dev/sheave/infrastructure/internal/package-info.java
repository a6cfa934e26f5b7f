/** What the programs that start runs, and the processes that execute them, agree on. */
@NullMarked
package dev.sheave.infrastructure.internal;

import org.jspecify.annotations.NullMarked;
