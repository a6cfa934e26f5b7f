package dev.sheave.cli.command;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them: {@code 90d}, {@code 12h}, {@code 30m}. */
final class TimeSpan {
  private static final Pattern FORM = Pattern.compile("(?<number>\\d{1,6})(?<unit>[dhm])");

  private TimeSpan() {}

  /**
   * Reads one.
   *
   * @throws UsageException if it is none
   */
  static Duration of(String option, String text) {
    Matcher span = FORM.matcher(text);
    if (!span.matches()) {
      throw new UsageException(
          option
              + " must be a number of days, hours or minutes such as 90d, 12h or 30m, not '"
              + text
              + "'.");
    }
    long number = Long.parseLong(span.group("number"));
    return switch (span.group("unit")) {
      case "d" -> Duration.ofDays(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofMinutes(number);
    };
  }
}
