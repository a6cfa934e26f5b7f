/**
 * Directory trees to an S3 server and back, beside what else does that; and to every storage there
 * is.
 */
@NullMarked
package dev.sheave.benchmarks.transfer;

import org.jspecify.annotations.NullMarked;
