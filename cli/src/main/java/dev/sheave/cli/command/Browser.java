package dev.sheave.cli.command;

import dev.sheave.cli.terminal.Terminal;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** The machine's browser. */
final class Browser {

  private Browser() {}

  /** Opens an address; says so if there is no browser. */
  static void open(String address, Terminal terminal) {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    List<String> command =
        system.contains("mac")
            ? List.of("open", address)
            : system.contains("windows")
                ? List.of("rundll32", "url.dll,FileProtocolHandler", address)
                : List.of("xdg-open", address);
    try {
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      terminal.say("No browser can be opened here; open the address yourself.");
    }
  }
}
