/** The {@code azure} block: storage on Azure Blob Storage. */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.storage.azure;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
