package dev.sheave.server.internal.pages;

import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.internal.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How values are shown. */
final class Show {
  /** Stands for a value that is missing. */
  static final String DASH = "–";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final Pattern INSTANT =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z");

  private static final Map<StateType, String> SHAPES =
      Map.of(
          StateType.SCHEDULED, "clock",
          StateType.PENDING, "dots",
          StateType.RUNNING, "play",
          StateType.COMPLETED, "check",
          StateType.FAILED, "cross",
          StateType.CANCELLED, "slash",
          StateType.CRASHED, "bolt",
          StateType.PAUSED, "pause",
          StateType.CANCELLING, "slash");

  private Show() {}

  static String orDash(@Nullable Object value) {
    return value == null || value.toString().isEmpty() ? DASH : value.toString();
  }

  /** A time in UTC; the page's script puts the reader's zone in its place. */
  static String time(Instant time) {
    return TIME.format(time);
  }

  /** A time as programs write it. */
  static String iso(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /** {@code 1h 4m}, {@code 3.2s}, {@code 28ms}. */
  static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds >= 86_400) {
      return seconds / 86_400 + "d " + seconds % 86_400 / 3600 + "h";
    }
    if (seconds >= 3600) {
      return seconds / 3600 + "h " + seconds % 3600 / 60 + "m";
    }
    if (seconds >= 60) {
      return seconds / 60 + "m " + seconds % 60 + "s";
    }
    if (seconds < 1) {
      return duration.toMillis() + "ms";
    }
    return seconds >= 10
        ? seconds + "s"
        : String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1000.0);
  }

  /** The name of a state's colour. */
  static String colour(StateType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  /** The icon of a state, so that it is told without colour too. */
  static String shape(State state) {
    return shape(state.type());
  }

  static String shape(StateType type) {
    return SHAPES.getOrDefault(type, "dots");
  }

  /** A value as a reader writes it: a text without quotes, others as JSON. */
  static String value(@Nullable Object value) {
    return value == null ? DASH : value instanceof String text ? text : Json.writePretty(value);
  }

  /** A line of a log without the codes by which terminals colour it. */
  static String plain(String message) {
    return message.replaceAll("\\u001B\\[[0-9;?]*[ -/]*[@-~]", "");
  }

  /**
   * A piece of a sentence.
   *
   * @param text what is written there
   * @param at the time that it says; null for words
   */
  record Part(String text, @Nullable Instant at) {}

  /** The pieces of a sentence, so that the reader's zone is put into its times too. */
  static List<Part> parts(String sentence) {
    List<Part> parts = new ArrayList<>();
    int end = 0;
    Matcher times = INSTANT.matcher(sentence);
    while (times.find()) {
      parts.add(new Part(sentence.substring(end, times.start()), null));
      parts.add(new Part(times.group(), instant(times.group())));
      end = times.end();
    }
    parts.add(new Part(sentence.substring(end), null));
    return parts;
  }

  private static @Nullable Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null; // such as the 31st of February, in a message of a program
    }
  }

  /** {@code 1 run}, {@code 3 runs}. */
  static String count(int number, String noun) {
    return String.format(Locale.ROOT, "%,d ", number) + noun + (number == 1 ? "" : "s");
  }

  /** An address that is safe to follow; null for others, such as those with a script. */
  static @Nullable String link(@Nullable Object address) {
    return address instanceof String text && text.matches("(?i)https?://[^\\s\\p{Cntrl}]+")
        ? text
        : null;
  }

  /** Two letters that stand for a logo. */
  static String initials(String name) {
    String letters =
        Arrays.stream(name.split("[^\\p{L}\\p{N}]+"))
            .filter(word -> !word.isEmpty())
            .limit(2)
            .map(word -> new String(Character.toChars(word.codePointAt(0))))
            .collect(Collectors.joining());
    return letters.isEmpty() ? "?" : letters.toUpperCase(Locale.ROOT);
  }
}
