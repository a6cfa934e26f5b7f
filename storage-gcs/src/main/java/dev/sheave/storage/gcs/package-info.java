/** The {@code gcs} block: storage on Google Cloud Storage. */
@NullMarked
package dev.sheave.storage.gcs;

import org.jspecify.annotations.NullMarked;
