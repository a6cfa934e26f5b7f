/** Files that their owner alone may read, and that several processes make at once. */
@NullMarked
package dev.sheave.orchestrator.internal.file;

import org.jspecify.annotations.NullMarked;
