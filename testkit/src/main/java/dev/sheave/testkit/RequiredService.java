package dev.sheave.testkit;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Tells tests where a real service is, by environment variables such as {@code S3_ENDPOINT}.
 *
 * <p>Where a variable isn't set the test is skipped with a sentence that says why; in continuous
 * integration, where {@code CI} is {@code true}, it fails: a service that didn't start must not
 * look like tests that passed.
 */
public final class RequiredService {
  private RequiredService() {}

  /**
   * Returns the value of an environment variable.
   *
   * @param service the service as {@code bin/services} names it, for the sentence
   * @param variable its name
   */
  public static String variable(String service, String variable) {
    String value = System.getenv(variable);
    if (value != null && !value.isBlank()) {
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
}
