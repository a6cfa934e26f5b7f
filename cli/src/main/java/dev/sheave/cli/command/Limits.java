package dev.sheave.cli.command;

import org.jspecify.annotations.Nullable;

/** Limits that people write, of how many runs may be in progress at once. */
final class Limits {
  private Limits() {}

  /**
   * Checks a limit before anything is done.
   *
   * @param name the option or parameter that has it
   * @param limit the limit; null if there is none
   * @throws UsageException if it is negative
   */
  static void check(String name, @Nullable Integer limit) {
    if (limit != null && limit < 0) {
      throw new UsageException(name + " must be 0 or more, not " + limit + ".");
    }
  }
}
