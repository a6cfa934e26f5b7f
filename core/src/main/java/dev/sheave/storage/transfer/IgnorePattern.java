package dev.sheave.storage.transfer;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * One line of an ignore file, by the rules of gitignore(5).
 *
 * @param pattern the pattern for the whole path, relative to the ignore file's folder
 * @param negated whether the line includes again what an earlier line ignored
 * @param directoriesOnly whether the line speaks of directories alone
 */
record IgnorePattern(Pattern pattern, boolean negated, boolean directoriesOnly) {

  boolean matches(String path, boolean directory) {
    return (directory || !directoriesOnly) && pattern.matcher(path).matches();
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
    Optional<Pattern> pattern = compile((anchored ? "" : "**/") + glob);
    return pattern.map(p -> new IgnorePattern(p, negated, directoriesOnly));
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

  private static Optional<Pattern> compile(String glob) {
    StringBuilder regex = new StringBuilder();
    int i = 0;
    while (i < glob.length()) {
      char c = glob.charAt(i);
      if (c == '*') {
        i = appendStars(glob, i, regex);
      } else if (c == '?') {
        regex.append("[^/]");
        i++;
      } else if (c == '[') {
        i = appendClass(glob, i, regex);
      } else if (c == '\\') {
        i = i + 1 < glob.length() ? appendLiteral(glob, i + 1, regex) : -1;
      } else {
        i = appendLiteral(glob, i, regex);
      }
      if (i < 0) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(Pattern.compile(regex.toString(), Pattern.DOTALL));
    } catch (PatternSyntaxException e) {
      // such as [z-a]: git matches nothing with it
      return Optional.empty();
    }
  }

  /** Two stars between slashes or at an end cross folders; other stars stay within one. */
  private static int appendStars(String glob, int start, StringBuilder regex) {
    int end = start;
    while (end < glob.length() && glob.charAt(end) == '*') {
      end++;
    }
    boolean opens = start == 0 || glob.charAt(start - 1) == '/';
    if (end - start == 2 && opens && end == glob.length()) {
      regex.append(".*");
    } else if (end - start == 2 && opens && glob.charAt(end) == '/') {
      regex.append("(?:.*/)?");
      return end + 1;
    } else {
      regex.append("[^/]*");
    }
    return end;
  }

  private static int appendLiteral(String glob, int at, StringBuilder regex) {
    int c = glob.codePointAt(at);
    if (c < 0x80 && !Character.isLetterOrDigit(c)) {
      regex.append('\\');
    }
    regex.appendCodePoint(c);
    return at + Character.charCount(c);
  }

  /** Returns where the class ends, or -1 if it has no end. */
  private static int appendClass(String glob, int start, StringBuilder regex) {
    int i = start + 1;
    StringBuilder members = new StringBuilder();
    boolean negated = i < glob.length() && (glob.charAt(i) == '!' || glob.charAt(i) == '^');
    if (negated) {
      i++;
    }
    for (boolean first = true; i < glob.length(); first = false) {
      char c = glob.charAt(i);
      if (c == ']' && !first) {
        // a class never matches the slash between folders
        regex.append("(?!/)[").append(negated ? "^" : "").append(members).append(']');
        return i + 1;
      }
      int named = c == '[' && glob.startsWith("[:", i) ? glob.indexOf(":]", i + 2) : -1;
      if (named > 0) {
        members.append(namedClass(glob.substring(i + 2, named)));
        i = named + 2;
      } else if (c == '-' && !first && i + 1 < glob.length() && glob.charAt(i + 1) != ']') {
        members.append('-');
        i++;
      } else {
        if (c == '\\') {
          i++;
        }
        i = i < glob.length() ? appendLiteral(glob, i, members) : i;
      }
    }
    return -1;
  }

  private static String namedClass(String name) {
    return switch (name) {
      case "alnum" -> "\\p{Alnum}";
      case "alpha" -> "\\p{Alpha}";
      case "blank" -> "\\p{Blank}";
      case "cntrl" -> "\\p{Cntrl}";
      case "digit" -> "\\p{Digit}";
      case "graph" -> "\\p{Graph}";
      case "lower" -> "\\p{Lower}";
      case "print" -> "\\p{Print}";
      case "punct" -> "\\p{Punct}";
      case "space" -> "\\p{Space}";
      case "upper" -> "\\p{Upper}";
      case "xdigit" -> "\\p{XDigit}";
      // a line that can't be made a pattern matches nothing
      default -> "\\p{}";
    };
  }
}
