package dev.sheave.runtime;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;

/**
 * For how long the process of a run repeats calls while its records are unavailable: a server or
 * database that is away, a disk that is full.
 */
final class RetryTimeout {
  /** Names the time, such as {@code PT30M}. */
  static final String VARIABLE = "SHEAVE_RETRY_TIMEOUT";

  private static final Duration DEFAULT = Duration.ofMinutes(5);

  private RetryTimeout() {}

  /**
   * Returns the time that an environment sets, by default 5 minutes.
   *
   * @throws SheaveException {@code INVALID} if it sets none that can be
   */
  static Duration of(Map<String, String> environment) {
    String text = environment.getOrDefault(VARIABLE, "");
    if (text.isBlank()) {
      return DEFAULT;
    }
    try {
      Duration timeout = Duration.parse(text.strip());
      if (!timeout.isNegative()) {
        return timeout;
      }
    } catch (DateTimeException e) {
      // said below
    }
    throw new SheaveException(
        Code.INVALID, VARIABLE + " must be a duration such as PT30M, not '" + text + "'.");
  }
}
