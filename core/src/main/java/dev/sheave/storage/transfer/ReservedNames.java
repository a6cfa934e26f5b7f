package dev.sheave.storage.transfer;

/**
 * The names that a transfer keeps for itself. A file whose name starts with {@value #PREFIX} is
 * never part of a tree: not put, not got, not counted.
 */
final class ReservedNames {
  static final String PREFIX = ".sheave-";

  /** What a finished put leaves: the tree's files with their digests. */
  static final RelativePath MANIFEST = RelativePath.parse(PREFIX + "manifest.json");

  /** What a put leaves while it is under way; its own id and {@link #MARKER_SUFFIX} follow. */
  static final String MARKER_PREFIX = PREFIX + "put-";

  static final String MARKER_SUFFIX = ".json";

  /** Where a get, or a local store's put, keeps what isn't whole yet; an id follows. */
  static final String PART_PREFIX = PREFIX + "part-";

  private ReservedNames() {}

  static boolean isReserved(String path) {
    return ("/" + path).contains("/" + PREFIX);
  }

  static boolean isMarker(String name) {
    return name.startsWith(MARKER_PREFIX) && name.indexOf('/') < 0;
  }
}
