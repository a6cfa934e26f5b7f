/** The {@code gcs} block: storage on Google Cloud Storage. */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.storage.gcs;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
