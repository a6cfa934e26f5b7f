package dev.sheave.storage.transfer;

import java.util.Optional;

/**
 * One line of an ignore file, by the rules of gitignore(5).
 *
 * @param pattern the pattern for the whole path, relative to the ignore file's folder
 * @param negated whether the line includes again what an earlier line ignored
 * @param directoriesOnly whether the line speaks of directories alone
 */
record IgnorePattern(Glob pattern, boolean negated, boolean directoriesOnly) {

  boolean matches(String path, boolean directory) {
    return (directory || !directoriesOnly) && pattern.matches(path);
  }

  /** Reads a line; empty for a blank one, a comment, and a pattern that can't match anything. */
  static Optional<IgnorePattern> parse(String line) {
    String glob = withoutTrailingSpaces(line);
    if (glob.isEmpty() || glob.startsWith("#")) {
      return Optional.empty();
    }
    boolean negated = glob.startsWith("!");
    if (negated) {
      glob = glob.substring(1);
    }
    boolean directoriesOnly = glob.endsWith("/");
    if (directoriesOnly) {
      glob = glob.substring(0, glob.length() - 1);
    }
    boolean anchored = glob.indexOf('/') >= 0;
    if (glob.startsWith("/")) {
      glob = glob.substring(1);
    }
    if (glob.isEmpty()) {
      return Optional.empty();
    }
    return Glob.parse((anchored ? "" : "**/") + glob)
        .map(pattern -> new IgnorePattern(pattern, negated, directoriesOnly));
  }

  /** Spaces at the end count only behind a backslash; so does a carriage return at the very end. */
  private static String withoutTrailingSpaces(String line) {
    String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    int end = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
        end = Math.min(i + 1, text.length());
      } else if (c != ' ') {
        end = i + 1;
      }
    }
    return text.substring(0, end);
  }
}
