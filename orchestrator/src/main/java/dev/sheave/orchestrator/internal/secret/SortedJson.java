package dev.sheave.orchestrator.internal.secret;

import dev.sheave.internal.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** JSON whose keys are sorted: equal values make equal texts, however they were made. */
public final class SortedJson {

  private SortedJson() {}

  /** Writes an object. */
  public static String write(Map<String, @Nullable Object> object) {
    return Json.write(sorted(object));
  }

  /** Returns the SHA-256 of an object, in hexadecimal digits. */
  public static String digest(Map<String, @Nullable Object> object) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(write(object).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("every Java platform has SHA-256", e);
    }
  }

  private static @Nullable Object sorted(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> inOrder = new TreeMap<>();
      Json.asObject(map).forEach((key, each) -> inOrder.put(key, sorted(each)));
      return inOrder;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(SortedJson::sorted).collect(Collectors.toList());
    }
    return value;
  }
}
