package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Settings;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of a command: where it runs, and the connection, which is opened when it is first asked
 * for. Not safe for use by several threads.
 */
public final class Invocation implements AutoCloseable {
  private final Terminal terminal;
  private @Nullable Settings settings;
  private @Nullable Sheave sheave;

  /** Makes a call from a terminal. */
  public Invocation(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Where it runs. */
  Terminal terminal() {
    return terminal;
  }

  /** The settings of its environment, read when they are first asked for. */
  Settings settings() {
    Settings read = settings;
    if (read == null) {
      read = Settings.of(terminal.environment());
      settings = read;
    }
    return read;
  }

  /** The connection. */
  Sheave sheave() {
    return sheave(null);
  }

  /**
   * The connection.
   *
   * @param url where the records are; null for what the environment or the profile says
   */
  Sheave sheave(@Nullable String url) {
    Sheave open = sheave;
    if (open == null) {
      Map<String, String> environment = new HashMap<>(terminal.environment());
      if (url != null) {
        environment.put(Settings.API_URL, url);
      }
      open = Sheave.builder(environment).connect();
      sheave = open;
    }
    return open;
  }

  @Override
  public void close() {
    if (sheave != null) {
      sheave.close();
    }
  }
}
