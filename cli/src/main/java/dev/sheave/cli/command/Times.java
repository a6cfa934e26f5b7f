package dev.sheave.cli.command;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Times as people read them. */
final class Times {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xxx");

  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");

  private Times() {}

  /** A time in this machine's time zone, which is said. */
  static String local(Instant time) {
    return SECONDS.format(time.atZone(ZoneId.systemDefault()));
  }

  /** A time in this machine's time zone, to the millisecond, as log lines have it. */
  static String ofLogLine(Instant time) {
    return MILLISECONDS.format(time.atZone(ZoneId.systemDefault()));
  }

  /** How far away a time is: {@code now}, {@code 5 minutes ago}, {@code in 2 days}. */
  static String away(Instant time, Instant now) {
    long seconds = Duration.between(now, time).toSeconds();
    long distance = Math.abs(seconds);
    if (distance < 2) {
      return "now";
    }
    String amount =
        distance < 90
            ? count(distance, "second")
            : distance < 90 * 60
                ? count(Math.round(distance / 60.0), "minute")
                : distance < 36 * 3600
                    ? count(Math.round(distance / 3600.0), "hour")
                    : count(Math.round(distance / 86400.0), "day");
    return seconds < 0 ? amount + " ago" : "in " + amount;
  }

  private static String count(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }
}
