/** The {@code s3} block: storage on Amazon S3 and on other servers that speak its protocol. */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.storage.s3;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
