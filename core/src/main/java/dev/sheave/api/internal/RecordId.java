package dev.sheave.api.internal;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The ids of records as text. */
public final class RecordId {
  private static final Pattern DIGITS = Pattern.compile("\\p{XDigit}{32}");
  private static final Pattern GROUPS =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private RecordId() {}

  /**
   * Reads an id: 32 hexadecimal digits, with or without hyphens, which some clients leave out. An
   * id that lacks digits isn't taken, unlike by {@link UUID#fromString}.
   *
   * @return null if the text isn't an id
   */
  public static @Nullable UUID parse(String text) {
    if (DIGITS.matcher(text).matches()) {
      return UUID.fromString(
          text.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
    }
    return GROUPS.matcher(text).matches() ? UUID.fromString(text) : null;
  }
}
