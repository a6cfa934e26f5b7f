/**
 * Benchmarks of moving directory trees to an S3 server and back, compared with other programs, and
 * to all storages.
 */
@NullMarked
package dev.sheave.benchmarks.transfer;

import org.jspecify.annotations.NullMarked;
