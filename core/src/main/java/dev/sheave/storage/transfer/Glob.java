package dev.sheave.storage.transfer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of gitignore(5) for a whole path. Matching takes at most as many steps as the pattern's
 * length times the path's, whatever they are. Immutable.
 */
final class Glob {

  /** What stands in a pattern: one character, or any number of them. */
  private sealed interface Part permits One, Many, Folders {}

  /** One character that is one of some. */
  private record One(IntPredicate members) implements Part {}

  /** Any characters, of which none is a slash unless it crosses folders. */
  private record Many(boolean crossesFolders) implements Part {}

  /** No characters, or any that end with a slash. */
  private record Folders() implements Part {}

  private final List<Part> parts;

  private Glob(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /** Reads a pattern; empty for one that can't match anything. */
  static Optional<Glob> parse(String glob) {
    return new Reader(glob).read();
  }

  boolean matches(String path) {
    int[] text = path.codePoints().toArray();
    // where in the text the parts so far may end
    BitSet ends = new BitSet(text.length + 1);
    ends.set(0);
    for (Part part : parts) {
      ends = step(part, text, ends);
      if (ends.isEmpty()) {
        return false;
      }
    }
    return ends.get(text.length);
  }

  private static BitSet step(Part part, int[] text, BitSet starts) {
    BitSet ends = new BitSet(text.length + 1);
    if (part instanceof One one) {
      for (int at = starts.nextSetBit(0); at >= 0; at = starts.nextSetBit(at + 1)) {
        if (at < text.length && one.members().test(text[at])) {
          ends.set(at + 1);
        }
      }
    } else if (part instanceof Many many) {
      boolean isOpen = false;
      for (int at = starts.nextSetBit(0); at >= 0 && at <= text.length; at++) {
        boolean isStopped = at > 0 && text[at - 1] == '/' && !many.crossesFolders();
        isOpen = starts.get(at) || (isOpen && !isStopped);
        ends.set(at, isOpen);
      }
    } else {
      int first = starts.nextSetBit(0);
      for (int at = first; at <= text.length; at++) {
        ends.set(at, starts.get(at) || (at > first && text[at - 1] == '/'));
      }
    }
    return ends;
  }

  /** Reads one pattern. */
  private static final class Reader {
    private final String glob;
    private final List<Part> parts = new ArrayList<>();
    private int at;

    Reader(String glob) {
      this.glob = glob;
    }

    Optional<Glob> read() {
      while (at < glob.length()) {
        if (!readPart()) {
          return Optional.empty();
        }
      }
      return Optional.of(new Glob(parts));
    }

    /** Returns false if the pattern has no meaning. */
    private boolean readPart() {
      char c = glob.charAt(at);
      if (c == '*') {
        readStars();
        return true;
      }
      if (c == '?') {
        parts.add(new One(each -> each != '/'));
        at++;
        return true;
      }
      if (c == '[') {
        return readClass();
      }
      if (c == '\\' && ++at == glob.length()) {
        return false;
      }
      int literal = glob.codePointAt(at);
      parts.add(new One(each -> each == literal));
      at += Character.charCount(literal);
      return true;
    }

    /** Two stars between slashes or at an end cross folders; other stars stay within one. */
    private void readStars() {
      int start = at;
      while (at < glob.length() && glob.charAt(at) == '*') {
        at++;
      }
      boolean opens = start == 0 || glob.charAt(start - 1) == '/';
      if (at - start == 2 && opens && at == glob.length()) {
        parts.add(new Many(true));
      } else if (at - start == 2 && opens && glob.charAt(at) == '/') {
        parts.add(new Folders());
        at++;
      } else {
        parts.add(new Many(false));
      }
    }

    /** Reads a class, whose members are written as those of a regular expression. */
    private boolean readClass() {
      at++;
      StringBuilder members = new StringBuilder();
      boolean isNegated = at < glob.length() && (glob.charAt(at) == '!' || glob.charAt(at) == '^');
      if (isNegated) {
        at++;
      }
      for (boolean isFirst = true; at < glob.length(); isFirst = false) {
        char c = glob.charAt(at);
        if (c == ']' && !isFirst) {
          at++;
          return addClass("[" + (isNegated ? "^" : "") + members + "]");
        }
        int named = c == '[' && glob.startsWith("[:", at) ? glob.indexOf(":]", at + 2) : -1;
        if (named > 0) {
          members.append(namedClass(glob.substring(at + 2, named)));
          at = named + 2;
        } else if (c == '-' && !isFirst && at + 1 < glob.length() && glob.charAt(at + 1) != ']') {
          members.append('-');
          at++;
        } else {
          if (c == '\\') {
            at++;
          }
          if (at < glob.length()) {
            appendMember(members);
          }
        }
      }
      return false;
    }

    private void appendMember(StringBuilder members) {
      int c = glob.codePointAt(at);
      if (c < 0x80 && !Character.isLetterOrDigit(c)) {
        members.append('\\');
      }
      members.appendCodePoint(c);
      at += Character.charCount(c);
    }

    private boolean addClass(String regex) {
      Pattern members;
      try {
        members = Pattern.compile(regex);
      } catch (PatternSyntaxException e) {
        // such as [z-a]: git matches nothing with it
        return false;
      }
      // a class never matches the slash between folders
      parts.add(
          new One(each -> each != '/' && members.matcher(Character.toString(each)).matches()));
      return true;
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
}
