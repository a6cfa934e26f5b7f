package dev.sheave.server.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The path of a route. Immutable.
 *
 * @param path the path, such as {@code /flows/{id}}; a part in braces stands for any text
 * @param parts what is between its slashes; the last one is empty after a slash at the end
 */
public record PathPattern(String path, List<String> parts) {
  /** Reads a path. */
  public PathPattern(String path) {
    this(path, List.of(path.substring(1).split("/", -1)));
  }

  /** Returns whether a part stands for any text. */
  public static boolean isVariable(String part) {
    return part.startsWith("{");
  }

  /** Returns what stands for the variables in the parts of a path; null if it is another path. */
  public @Nullable Map<String, String> match(List<String> asked) {
    if (asked.size() != parts.size()) {
      return null;
    }
    Map<String, String> variables = new HashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      if (isVariable(part) && !asked.get(i).isEmpty()) {
        variables.put(part.substring(1, part.length() - 1), asked.get(i));
      } else if (!part.equals(asked.get(i))) {
        return null;
      }
    }
    return variables;
  }
}
