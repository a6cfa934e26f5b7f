package dev.sheave.flow.internal;

import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The names in class files and texts that may be those of classes, packages and resources. */
final class ClassNames {
  private static final String VERSIONS = "META-INF/versions/";
  private static final int MAGIC = 0xCAFEBABE;

  private ClassNames() {}

  /** Returns an entry's name without the folder for a release of Java that it may be in. */
  static String ofAnyRelease(String entry) {
    if (!entry.startsWith(VERSIONS)) {
      return entry;
    }
    int slash = entry.indexOf('/', VERSIONS.length());
    return slash < 0 ? entry : entry.substring(slash + 1);
  }

  /**
   * Hands out the texts of a class file's constant pool: what it refers to, the values of its
   * strings and annotations, and its own names.
   */
  static void texts(byte[] classFile, Consumer<String> found) {
    if (classFile.length < 10 || u4(classFile, 0) != MAGIC) {
      return;
    }
    int count = u2(classFile, 8);
    int at = 10;
    for (int i = 1; i < count && at < classFile.length; i++) {
      int tag = classFile[at];
      switch (tag) {
        case 1 -> {
          int length = u2(classFile, at + 1);
          found.accept(new String(classFile, at + 3, length, StandardCharsets.UTF_8));
          at += 3 + length;
        }
        case 3, 4, 9, 10, 11, 12, 17, 18 -> at += 5;
        case 5, 6 -> {
          at += 9;
          i++; // takes two places
        }
        case 7, 8, 16, 19, 20 -> at += 3;
        case 15 -> at += 4;
        default -> {
          return; // of a Java to come
        }
      }
    }
  }

  private static int u2(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  private static int u4(byte[] bytes, int at) {
    return u2(bytes, at) << 16 | u2(bytes, at + 2);
  }

  /**
   * Hands out what may be names in a text, with dots between their parts, and whether more may
   * follow: {@code "com.acme." + name}.
   */
  static void in(String text, BiConsumer<String, Boolean> found) {
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean inName = i < text.length() && isPart(text.charAt(i));
      if (inName && start < 0) {
        start = i;
      } else if (!inName && start >= 0) {
        name(text.substring(start, i), found);
        start = -1;
      }
    }
  }

  private static boolean isPart(char c) {
    return c == '.'
        || c == '/'
        || c == '-'
        || (Character.isJavaIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
  }

  private static void name(String raw, BiConsumer<String, Boolean> found) {
    String dotted = raw.replace('/', '.');
    int start = 0;
    int end = dotted.length();
    while (start < end && dotted.charAt(start) == '.') {
      start++;
    }
    while (end > start && dotted.charAt(end - 1) == '.') {
      end--;
    }
    if (start == end) {
      return;
    }
    boolean hasMore = end < dotted.length();
    String name = dotted.substring(start, end);
    found.accept(name, hasMore);
    // in a descriptor there are primitive types and an L before the name
    int type = 0;
    while (type < name.length() && "BCDFIJSZV".indexOf(name.charAt(type)) >= 0) {
      type++;
    }
    if (type < name.length() - 1 && name.charAt(type) == 'L') {
      found.accept(name.substring(type + 1), hasMore);
    }
  }
}
