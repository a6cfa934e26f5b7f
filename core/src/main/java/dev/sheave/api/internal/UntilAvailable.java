package dev.sheave.api.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Backoff;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Retries while the orchestrator doesn't respond: for calls that must not be lost over a restart of
 * its server.
 */
public final class UntilAvailable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

  private UntilAvailable() {}

  /**
   * Calls something until it doesn't fail with {@code UNAVAILABLE}.
   *
   * @param atMost for how long it is tried again
   * @throws SheaveException the exception of the last call; {@code INTERRUPTED} if the thread was
   *     interrupted between two calls
   */
  public static <T> T call(Duration atMost, Supplier<T> call) {
    Backoff backoff = new Backoff(FIRST_PAUSE, MAX_PAUSE, atMost);
    while (true) {
      try {
        return call.get();
      } catch (SheaveException e) {
        if (e.code() != Code.UNAVAILABLE || !backoff.pause("Waiting for the orchestrator")) {
          throw e;
        }
      }
    }
  }
}
