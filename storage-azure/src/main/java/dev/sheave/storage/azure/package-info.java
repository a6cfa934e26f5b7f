/** The {@code azure} block: storage on Azure Blob Storage. */
@NullMarked
package dev.sheave.storage.azure;

import org.jspecify.annotations.NullMarked;
