package dev.sheave.block.internal;

import dev.sheave.internal.Digests;
import dev.sheave.internal.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The checksum that identifies a schema, byte for byte that of the reference. */
public final class SchemaChecksum {
  private static final String REFERENCE_PREFIX = "#/definitions/";

  private SchemaChecksum() {}

  /** Returns {@code sha256:…}. */
  public static String of(Map<String, ? extends @Nullable Object> fields) {
    byte[] hashed = hashedText(fields).getBytes(StandardCharsets.UTF_8);
    return "sha256:" + Digests.sha256(hashed);
  }

  /**
   * Returns the string that is hashed: the reference hashes the JSON of the arguments and keyword
   * arguments of a call.
   */
  public static String hashedText(Map<String, ? extends @Nullable Object> fields) {
    Map<String, @Nullable Object> reduced = withoutSecretFields(fields);
    Object definitions = reduced.remove("definitions");
    if (definitions instanceof Map<?, ?> all) {
      Map<String, @Nullable Object> needed = reachable(reduced, Json.asObject(all));
      if (!needed.isEmpty()) {
        reduced.put("definitions", needed);
      }
    }
    StringBuilder text = new StringBuilder("[[");
    appendJson(reduced, text);
    return text.append("], {}]").toString();
  }

  /** Only maps in maps are searched: the reference leaves lists alone. */
  private static Map<String, @Nullable Object> withoutSecretFields(
      Map<String, ? extends @Nullable Object> map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          if (!key.equals("secret_fields")) {
            copy.put(
                key,
                value instanceof Map<?, ?> inner
                    ? withoutSecretFields(Json.asObject(inner))
                    : value);
          }
        });
    return copy;
  }

  /**
   * Returns the definitions that the schema refers to, directly or through others, less the blocks.
   */
  private static Map<String, @Nullable Object> reachable(
      Map<String, @Nullable Object> schema, Map<String, @Nullable Object> definitions) {
    Map<String, @Nullable Object> found = new LinkedHashMap<>();
    Deque<Object> todo = new ArrayDeque<>();
    todo.add(schema);
    while (!todo.isEmpty()) {
      Object each = todo.remove();
      if (each instanceof List<?> list) {
        list.stream().filter(element -> element != null).forEach(todo::add);
      } else if (each instanceof Map<?, ?> map) {
        map.values().stream().filter(element -> element != null).forEach(todo::add);
        if (map.get("$ref") instanceof String reference && reference.startsWith(REFERENCE_PREFIX)) {
          String name = reference.substring(REFERENCE_PREFIX.length());
          if (definitions.get(name) instanceof Map<?, ?> definition
              && !definition.containsKey("block_type_slug")
              && !found.containsKey(name)) {
            found.put(name, definition);
            todo.add(definition);
          }
        }
      }
    }
    return found;
  }

  /** Writes JSON as Python's {@code json.dumps(…, sort_keys=True)} does. */
  private static void appendJson(@Nullable Object value, StringBuilder text) {
    if (value instanceof Map<?, ?> map) {
      text.append('{');
      String separator = "";
      for (Map.Entry<String, @Nullable Object> entry :
          new TreeMap<>(Json.asObject(map)).entrySet()) {
        text.append(separator);
        appendText(entry.getKey(), text);
        text.append(": ");
        appendJson(entry.getValue(), text);
        separator = ", ";
      }
      text.append('}');
    } else if (value instanceof List<?> list) {
      text.append('[');
      String separator = "";
      for (Object element : list) {
        text.append(separator);
        appendJson(element, text);
        separator = ", ";
      }
      text.append(']');
    } else if (value instanceof String string) {
      appendText(string, text);
    } else {
      // null, true, false and numbers look the same in both languages
      text.append(value);
    }
  }

  private static void appendText(String string, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        default -> {
          if (c < ' ' || c > '~') {
            text.append(String.format("\\u%04x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
