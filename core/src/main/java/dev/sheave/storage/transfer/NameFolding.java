package dev.sheave.storage.transfer;

import java.io.IOException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.UUID;

/**
 * Which names a file system takes for the same: those that differ only in the case of letters, in
 * how their accents are written (composed or decomposed), or in dots at the end of a part. It is
 * asked of the place itself, since a server may keep its files on any disk. Immutable.
 *
 * @param cases whether {@code a} and {@code A} are one name
 * @param accents whether a letter with an accent is one name in both spellings
 * @param ends whether dots at the end of a name are dropped
 */
record NameFolding(boolean cases, boolean accents, boolean ends) {
  /** All names are different. */
  static final NameFolding NONE = new NameFolding(false, false, false);

  /**
   * All names are the same that some file system takes for the same. Names that differ in this are
   * different everywhere, so that nothing has to be asked.
   */
  static final NameFolding WIDEST = new NameFolding(true, true, true);

  /** A place that can be asked. */
  interface Place {
    void create(String name) throws IOException;

    boolean exists(String name) throws IOException;

    void delete(String name) throws IOException;
  }

  /** Asks a place, with a file of a reserved name that is removed again. */
  static NameFolding of(Place place) throws IOException {
    String name = ReservedNames.PART_PREFIX + UUID.randomUUID() + ".Probe-\u00e9";
    place.create(name);
    try {
      return new NameFolding(
          place.exists(name.toUpperCase(Locale.ROOT)),
          place.exists(Normalizer.normalize(name, Normalizer.Form.NFD)),
          place.exists(name + "."));
    } finally {
      place.delete(name);
    }
  }

  /** Whether all names are different. Costs nothing, unlike a record's first {@code equals}. */
  boolean isNone() {
    return !cases && !accents && !ends;
  }

  /** Returns a string that two paths share if they are the same file. */
  String fold(String path) {
    if (isNone() || isFolded(path)) {
      return path;
    }
    String folded = accents ? Normalizer.normalize(path, Normalizer.Form.NFC) : path;
    StringBuilder text = new StringBuilder(folded.length());
    for (int i = 0; i < folded.length(); i += Character.charCount(folded.codePointAt(i))) {
      int c = folded.codePointAt(i);
      if (ends && c == '/') {
        dropEnd(text);
      }
      text.appendCodePoint(cases ? Character.toLowerCase(Character.toUpperCase(c)) : c);
    }
    if (ends) {
      dropEnd(text);
    }
    return text.toString();
  }

  /** Whether a path is obviously what it would be folded to, as most are. */
  private static boolean isFolded(String path) {
    char before = '.';
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c >= 0x80 || (c >= 'A' && c <= 'Z') || (c == '/' && before == '.')) {
        return false;
      }
      before = c;
    }
    return before != '.';
  }

  private static void dropEnd(StringBuilder text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '.') {
      end--;
    }
    // of a part that is all dots, nothing is dropped
    if (end > 0 && text.charAt(end - 1) != '/') {
      text.setLength(end);
    }
  }
}
