package dev.sheave.storage.transfer;

import java.time.LocalDateTime;

/**
 * The archive of a bundle: a zip whose first entry is the tree's manifest; the files follow in its
 * order. Order and times are fixed, and the compression of a file depends only on its content, so
 * that the same tree has the same bytes wherever deflate has. It is read as a stream, against the
 * manifest; the zip's own directory, attributes and sizes are never looked at.
 */
final class BundleFormat {
  /** The name of the first entry. */
  static final String INDEX = ReservedNames.MANIFEST.toString();

  /** The time of all entries. */
  static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** A tree may have this many times the archive's bytes, or it is taken for a bomb. */
  static final int MAX_EXPANSION = 100;

  /** Any tree may have these bytes besides. */
  static final long FREE_BYTES = 64L * 1024 * 1024;

  /** The most that the manifest in an archive may have: room for some 200,000 files. */
  static final int MAX_INDEX_BYTES = 32 * 1024 * 1024;

  private BundleFormat() {}

  /** Whether so many bytes may come out of an archive. */
  static boolean mayExpand(long archiveBytes, Manifest manifest) {
    // neither sum nor product may wrap around
    double bytes = manifest.entries().values().stream().mapToDouble(Manifest.Entry::size).sum();
    return bytes <= (double) archiveBytes * MAX_EXPANSION + FREE_BYTES;
  }
}
