package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Manifests as trees of maps and lists. */
final class Manifests {
  /** Of a document in YAML; without it, the client takes what starts with a brace for JSON. */
  private static final String START = "---\n";

  private Manifests() {}

  /**
   * Parses YAML, which JSON is too.
   *
   * @param what names the text in messages
   * @throws SheaveException {@code INVALID}
   */
  static @Nullable Object value(String text, String what) {
    try {
      return Serialization.unmarshal(text.startsWith(START) ? text : START + text, Object.class);
    } catch (KubernetesClientException | IllegalArgumentException e) {
      throw new SheaveException(
          Code.INVALID, what + " isn't YAML or JSON: " + ClusterErrors.reason(e) + ".", e);
    }
  }

  /** Parses an object in YAML or JSON. */
  static Map<String, @Nullable Object> parse(String text, String what) {
    if (value(text, what) instanceof Map<?, ?> map) {
      return copy(map);
    }
    throw new SheaveException(Code.INVALID, what + " isn't an object in YAML or JSON.");
  }

  /** Returns a modifiable copy. */
  static Map<String, @Nullable Object> copy(Map<?, ?> map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), copyOf(value)));
    return copy;
  }

  static List<@Nullable Object> copy(List<?> list) {
    List<@Nullable Object> copy = new ArrayList<>();
    list.forEach(value -> copy.add(copyOf(value)));
    return copy;
  }

  static @Nullable Object copyOf(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return copy(map);
    }
    return value instanceof List<?> list ? copy(list) : value;
  }

  /** Returns an unmodifiable copy of a list of objects. */
  static List<Map<String, @Nullable Object>> frozen(List<Map<String, @Nullable Object>> list) {
    return list.stream().map(each -> Collections.unmodifiableMap(copy(each))).toList();
  }

  /**
   * Returns the object at a key of a modifiable tree, and makes it if it isn't there.
   *
   * @throws SheaveException {@code INVALID} if there is something else
   */
  @SuppressWarnings("unchecked") // copies have strings as keys
  static Map<String, @Nullable Object> object(Map<String, @Nullable Object> parent, String key) {
    Object value = parent.computeIfAbsent(key, missing -> new LinkedHashMap<>());
    if (value instanceof Map) {
      return (Map<String, @Nullable Object>) value;
    }
    throw clash(key, "an object");
  }

  /** Returns the list at a key of a modifiable tree, and makes it if it isn't there. */
  @SuppressWarnings("unchecked")
  static List<@Nullable Object> list(Map<String, @Nullable Object> parent, String key) {
    Object value = parent.computeIfAbsent(key, missing -> new ArrayList<>());
    if (value instanceof List) {
      return (List<@Nullable Object>) value;
    }
    throw clash(key, "a list");
  }

  private static SheaveException clash(String key, String expected) {
    return new SheaveException(
        Code.INVALID, "'" + key + "' in the manifest of a job must be " + expected + ".");
  }

  /** Adds an element, in place of the one that has the same value of a key. */
  static void put(List<@Nullable Object> list, String key, Map<String, @Nullable Object> element) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) instanceof Map<?, ?> map && Objects.equals(element.get(key), map.get(key))) {
        list.set(i, element);
        return;
      }
    }
    list.add(element);
  }

  /** Whether a list has an element with a value of a key. */
  static boolean has(List<@Nullable Object> list, String key, Object value) {
    return list.stream()
        .anyMatch(each -> each instanceof Map<?, ?> map && value.equals(map.get(key)));
  }
}
