package dev.sheave.infrastructure.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long what executes a cancelled run may take to end, as blocks say it. */
public final class StopGrace {
  /** So that moments can be told from it. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private StopGrace() {}

  /**
   * Checks a block's value.
   *
   * @return the value
   * @throws SheaveException {@code INVALID} if it is negative, or more than a year
   */
  public static @Nullable Duration check(@Nullable Duration time) {
    if (time != null && time.isNegative()) {
      throw new SheaveException(Code.INVALID, "'stop_grace' can't be negative.");
    }
    if (time != null && time.compareTo(LONGEST) > 0) {
      throw new SheaveException(
          Code.INVALID, "'stop_grace' must be at most " + LONGEST.toDays() + " days.");
    }
    return time;
  }
}
