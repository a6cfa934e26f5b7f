package dev.sheave.infrastructure.kubernetes;

import java.time.DateTimeException;
import java.time.Instant;

/**
 * The time that a node has stamped a line of output with.
 *
 * @param text as the node wrote it
 * @param second the second, since 1970
 * @param nano nanoseconds from there
 */
record LineTime(String text, long second, int nano) {
  static final LineTime NEVER = new LineTime("1970-01-01T00:00:00Z", 0, 0);

  /** Where the fraction of a second begins, if there is one. */
  private static final int POINT = "1970-01-01T00:00:00".length();

  private static final int MAX_DIGITS = 9;

  /**
   * Reads the time of the next line. Most are of the same second, and differ in its fraction alone;
   * that is read in a tenth of the time.
   *
   * @throws DateTimeException if it isn't one
   */
  LineTime next(String of) {
    int end = endOfFraction(of);
    int ownEnd = endOfFraction(text);
    if (end > 0
        && ownEnd > 0
        && of.regionMatches(0, text, 0, POINT)
        && of.substring(end).equals(text.substring(ownEnd))) {
      return new LineTime(of, second, nanoseconds(of, end));
    }
    Instant time = Instant.parse(of);
    return new LineTime(of, time.getEpochSecond(), time.getNano());
  }

  /** Returns where the fraction of a second ends; 0 if there is none. */
  private static int endOfFraction(String text) {
    if (text.length() <= POINT || text.charAt(POINT) != '.') {
      return 0;
    }
    int end = POINT + 1;
    while (end < text.length() && end <= POINT + MAX_DIGITS && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int nanoseconds(String text, int end) {
    int number = 0;
    for (int i = POINT + 1; i <= POINT + MAX_DIGITS; i++) {
      number = number * 10 + (i < end ? text.charAt(i) - '0' : 0);
    }
    return number;
  }

  boolean isAfter(LineTime other) {
    return second > other.second || (second == other.second && nano > other.nano);
  }
}
