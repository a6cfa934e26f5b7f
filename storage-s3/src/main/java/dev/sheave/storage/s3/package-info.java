/** The {@code s3} block: storage on Amazon S3 and on other servers that speak its protocol. */
@NullMarked
package dev.sheave.storage.s3;

import org.jspecify.annotations.NullMarked;
