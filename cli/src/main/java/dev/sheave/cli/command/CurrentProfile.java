package dev.sheave.cli.command;

import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Profiles;
import dev.sheave.internal.Settings;
import java.util.Map;

/**
 * The profile that commands of an environment use.
 *
 * @param all all profiles
 * @param name its name
 * @param isChosen whether the environment or the command chose it, over the active one
 */
record CurrentProfile(Profiles all, String name, boolean isChosen) {

  /**
   * Finds it.
   *
   * @throws dev.sheave.SheaveException {@code NOT_FOUND} if there is no such profile
   */
  static CurrentProfile of(Terminal terminal) {
    Profiles all = Profiles.read(Settings.home(terminal.environment()), null);
    String chosen = terminal.variable(Settings.PROFILE);
    if (chosen == null || chosen.isBlank()) {
      return new CurrentProfile(all, all.active(), false);
    }
    return new CurrentProfile(all, all.use(chosen).active(), true);
  }

  /** Its settings. */
  Map<String, String> settings() {
    return all.settings(name);
  }
}
