package dev.sheave.infrastructure.docker;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as the {@code docker} command has them: {@code 512m}. */
final class Sizes {
  private static final Pattern SIZE =
      Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(b|[kmgtp](?:i?b)?)?", Pattern.CASE_INSENSITIVE);

  private static final String UNITS = "bkmgtp";

  private Sizes() {}

  /**
   * Returns a size in bytes.
   *
   * @param field of the block, for the message
   */
  static long bytes(String text, String field) {
    Matcher matcher = SIZE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + field
              + "' must be a number of bytes, or a number with one of the units b, k, m, g and t,"
              + " such as '512m', not '"
              + text
              + "'.");
    }
    String unit = matcher.group(2) == null ? "b" : matcher.group(2).toLowerCase(Locale.ROOT);
    return (long)
        (Double.parseDouble(matcher.group(1)) * Math.pow(1024, UNITS.indexOf(unit.charAt(0))));
  }
}
