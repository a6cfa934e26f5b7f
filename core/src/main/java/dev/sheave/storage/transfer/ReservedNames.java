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

  /** What a put in the bundle layout uploads: the archive's SHA-256, an id and a suffix follow. */
  static final String BUNDLE_PREFIX = PREFIX + "bundle-";

  static final String BUNDLE_SUFFIX = ".zip";

  /** What a bundle's put leaves of the manifest of the plain tree it replaced; an id follows. */
  static final String REPLACED_PREFIX = PREFIX + "replaced-";

  static final String REPLACED_SUFFIX = ".json";

  /** Where a get, or a local store's put, keeps what isn't whole yet; an id follows. */
  static final String PART_PREFIX = PREFIX + "part-";

  private ReservedNames() {}

  static boolean isReserved(String path) {
    return ("/" + path).contains("/" + PREFIX);
  }

  /** Whether an object is kept for readers for a while after it was replaced. */
  static boolean isRetirable(String name) {
    return name.indexOf('/') < 0
        && (name.startsWith(BUNDLE_PREFIX) || name.startsWith(REPLACED_PREFIX));
  }

  static boolean isBundle(String name) {
    return name.indexOf('/') < 0 && name.startsWith(BUNDLE_PREFIX);
  }

  static boolean isMarker(String name) {
    return name.startsWith(MARKER_PREFIX) && name.indexOf('/') < 0;
  }
}
