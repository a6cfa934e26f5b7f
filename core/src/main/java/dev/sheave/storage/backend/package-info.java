/** What storage backends share. For those who write one. */
@NullMarked
package dev.sheave.storage.backend;

import org.jspecify.annotations.NullMarked;
