package dev.sheave.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Tells tests where a real service is, by environment variables such as {@code S3_ENDPOINT}.
 *
 * <p>Where a variable isn't set the test is skipped with a sentence that says why; in continuous
 * integration, where {@code CI} is {@code true}, it fails: a service that didn't start must not
 * look like tests that passed.
 *
 * <p>A service that is started while tests run already, such as {@code kubernetes}, is waited for:
 * {@code KUBERNETES_STARTED} names a file that appears with the exit code of its start.
 */
public final class RequiredService {
  /** How long a start may take, with the build of what is started. */
  private static final Duration START_TIME = Duration.ofMinutes(40);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

  private RequiredService() {}

  /**
   * Returns the value of an environment variable.
   *
   * @param service the service as {@code bin/services} names it, for the sentence
   * @param variable its name
   */
  public static String variable(String service, String variable) {
    String value = System.getenv(variable);
    if (value != null && !value.isBlank() && hasStarted(service)) {
      return value;
    }
    String sentence =
        "This test needs the service '"
            + service
            + "', and "
            + variable
            + " is not set: bin/services start "
            + service
            + ", then eval \"$(bin/services env "
            + service
            + ")\" and export what it sets.";
    if ("true".equals(System.getenv("CI"))) {
      return Assertions.fail(sentence);
    }
    Assumptions.abort(sentence);
    throw new AssertionError("an assumption that doesn't hold ends the test");
  }

  private static boolean hasStarted(String service) {
    String file = System.getenv(service.toUpperCase(Locale.ROOT) + "_STARTED");
    if (file == null) {
      return true;
    }
    long deadline = System.nanoTime() + START_TIME.toNanos();
    try {
      while (!Files.exists(Path.of(file)) || Files.size(Path.of(file)) == 0) {
        if (System.nanoTime() - deadline > 0) {
          return false;
        }
        Thread.sleep(POLL_INTERVAL.toMillis());
      }
      return Files.readString(Path.of(file)).strip().equals("0");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
