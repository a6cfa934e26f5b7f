package dev.sheave.storage.transfer;

import java.time.Duration;

/**
 * The result of a transfer.
 *
 * @param files how many files the tree has
 * @param moved how many of them were uploaded or downloaded
 * @param skipped how many were skipped because they are unchanged
 * @param removed how many stale ones were removed
 * @param bytes how many bytes were moved
 * @param digest {@code sha256:…} over the tree's paths, contents and executable bits; the same tree
 *     has the same
 * @param duration how long it took
 */
public record TransferSummary(
    int files, int moved, int skipped, int removed, long bytes, String digest, Duration duration) {}
