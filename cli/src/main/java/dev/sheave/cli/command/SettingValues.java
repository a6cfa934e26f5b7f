package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.LogLevel;
import dev.sheave.internal.ApiUrl;
import java.util.List;

/** What settings can be set to. */
final class SettingValues {
  private static final List<String> SCHEMES =
      List.of("jdbc:sqlite:", "jdbc:postgresql:", "http://", "https://");

  private SettingValues() {}

  /**
   * Checks a setting's value.
   *
   * @throws SheaveException {@code INVALID} if it can't be that
   */
  static void check(String name, String value) {
    if (value.isBlank()) {
      throw new SheaveException(
          Code.INVALID,
          "The setting '"
              + name
              + "' can't be empty; 'sheave config unset "
              + name
              + "' removes"
              + " it.");
    }
    if (name.equals("SHEAVE_LOGGING_LEVEL")) {
      LogLevel.check(name, value);
    }
    if (name.equals("SHEAVE_API_URL") && SCHEMES.stream().noneMatch(value::startsWith)) {
      throw new SheaveException(
          Code.INVALID,
          "SHEAVE_API_URL must start with "
              + String.join(", ", SCHEMES)
              + ", not '"
              + ApiUrl.withoutCredentials(value)
              + "'.");
    }
  }
}
