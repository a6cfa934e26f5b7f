package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import java.util.List;
import java.util.function.Supplier;

/** What the command line says about parameters, beside what is said to every program. */
final class GivenParameters {

  private GivenParameters() {}

  /**
   * Does something with parameters, and says how missing ones are given.
   *
   * @param missing finds the names of those
   */
  static <T> T withHint(Supplier<T> action, Supplier<List<String>> missing) {
    try {
      return action.get();
    } catch (SheaveException e) {
      List<String> names = e.code() == SheaveException.Code.INVALID ? missing.get() : List.of();
      if (names.isEmpty()) {
        throw e;
      }
      throw new SheaveException(
          e.code(), e.getMessage() + "\nGive it with --param " + names.get(0) + "=VALUE.", e);
    }
  }
}
