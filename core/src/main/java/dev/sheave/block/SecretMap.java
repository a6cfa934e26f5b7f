package dev.sheave.block;

import dev.sheave.block.internal.JavaToJson;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of which every leaf is a secret, such as the settings of a file system. Its keys
 * are shown, its leaves never. Immutable.
 */
public final class SecretMap {
  /** No settings at all. */
  public static final SecretMap EMPTY = new SecretMap(Map.of());

  private final Map<String, @Nullable Object> values;

  private SecretMap(Map<String, @Nullable Object> values) {
    this.values = values;
  }

  /**
   * Wraps a JSON object. Java values are converted to JSON values, as for a {@link JsonBlock}, and
   * a {@link Secret} to its string.
   *
   * @throws dev.sheave.SheaveException {@code INVALID} if it contains anything else
   */
  public static SecretMap of(Map<String, ? extends @Nullable Object> values) {
    Arguments.require(values, "The values of a secret map");
    Object json = JavaToJson.convertSecrets(values, BlockCodec.STORING);
    return new SecretMap(Json.asObject((Map<?, ?>) Objects.requireNonNull(Json.canonical(json))));
  }

  /** Returns the object. This is the only access to its leaves, so that all uses can be found. */
  public Map<String, @Nullable Object> reveal() {
    return values;
  }

  /**
   * Returns the object with each string replaced. Other leaves are converted to strings first,
   * unless the replacement would leave them unchanged; null stays null.
   */
  public Map<String, @Nullable Object> map(Function<Secret, String> leaf) {
    return Json.asObject((Map<?, ?>) map(values, leaf));
  }

  private static Object map(Object value, Function<Secret, String> leaf) {
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> mapped = new LinkedHashMap<>();
      Json.asObject(map)
          .forEach((key, element) -> mapped.put(key, element == null ? null : map(element, leaf)));
      return mapped;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> mapped = new ArrayList<>();
      list.forEach(element -> mapped.add(element == null ? null : map(element, leaf)));
      return mapped;
    }
    String text = value.toString();
    String other = leaf.apply(Secret.of(text));
    // a number stays a number where it isn't masked
    return other.equals(text) ? value : other;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SecretMap map && map.values.equals(values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** Returns the keys, with masks in place of the leaves. */
  @Override
  public String toString() {
    return map(secret -> Secret.MASK).toString();
  }
}
