package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Arguments;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * What is mounted in a container: no two at one path, and nothing in place of the run's API key.
 * Not safe for use by several threads.
 */
public final class Mounts {
  private final Map<String, String> byPath = new HashMap<>();

  /** Creates one without mounts. */
  public Mounts() {}

  /**
   * Adds a mount.
   *
   * @param field what has it, for the message
   * @param path where it is mounted
   * @param text how the user wrote it, for the message
   * @param hidesKey whether the key can't be below it
   * @throws SheaveException {@code INVALID} if it can't be there
   */
  public void add(String field, String path, String text, boolean hidesKey) {
    Arguments.notNull(text, "text");
    ApiKeyFile.checkMount(field, path, hidesKey);
    String other = byPath.putIfAbsent(clean(path), text);
    if (other != null) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + other
              + "' and '"
              + text
              + "' are mounted at one path; give each a path of its own.");
    }
  }

  /** Returns an absolute path of a container without empty parts, {@code .} and {@code ..}. */
  public static String clean(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : Arguments.notNull(path, "path").split("/")) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return "/" + String.join("/", parts);
  }
}
