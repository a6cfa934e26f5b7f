package dev.sheave.storage.transfer;

/**
 * The object names that are reserved. A file whose name starts with {@value #PREFIX} is a
 * transfer's, and what is in a folder {@value #HOME} are keys and records. Neither is ever part of
 * a tree: it is neither uploaded, downloaded nor counted.
 */
final class ReservedNames {
  /** The default name of a home of Sheave, of this user or of another. */
  static final String HOME = ".sheave";

  static final String PREFIX = HOME + "-";

  /** The manifest of a finished put: the tree's files with their digests. */
  static final RelativePath MANIFEST = RelativePath.parse(PREFIX + "manifest.json");

  /** The start of the name of a put's marker; the put's id and {@link #MARKER_SUFFIX} follow. */
  static final String MARKER_PREFIX = PREFIX + "put-";

  static final String MARKER_SUFFIX = ".json";

  /** The start of the name of a bundle's archive; its SHA-256, an id and a suffix follow. */
  static final String BUNDLE_PREFIX = PREFIX + "bundle-";

  static final String BUNDLE_SUFFIX = ".zip";

  /**
   * The start of the name under which a bundle's put keeps the manifest of the plain tree it
   * replaced; an id follows.
   */
  static final String REPLACED_PREFIX = PREFIX + "replaced-";

  static final String REPLACED_SUFFIX = ".json";

  /**
   * The start of the name of a folder with incomplete downloads, or of an incomplete file of a
   * local store; an id follows.
   */
  static final String PART_PREFIX = PREFIX + "part-";

  private ReservedNames() {}

  static boolean isReserved(String path) {
    for (int at = path.indexOf(HOME); at >= 0; at = path.indexOf(HOME, at + 1)) {
      int end = at + HOME.length();
      if ((at == 0 || path.charAt(at - 1) == '/')
          && (end == path.length() || path.charAt(end) == '/' || path.startsWith(PREFIX, at))) {
        return true;
      }
    }
    return false;
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
