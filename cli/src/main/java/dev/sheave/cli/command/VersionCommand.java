package dev.sheave.cli.command;

import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.ApiUrl;
import dev.sheave.internal.Version;
import java.util.Locale;

/** {@code sheave version}. */
@picocli.CommandLine.Command(
    description = "Show the version.",
    footer = {"", "  $ sheave version"})
final class VersionCommand extends Command {

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    terminal.say("Version:      " + Version.current());
    terminal.say("Java:         " + System.getProperty("java.runtime.version"));
    terminal.say(
        "OS/Arch:      "
            + System.getProperty("os.name").toLowerCase(Locale.ROOT)
            + "/"
            + System.getProperty("os.arch"));
    terminal.say("Home:         " + invocation.settings().home());
    terminal.say("Connects to:  " + ApiUrl.withoutCredentials(invocation.settings().url()));
    return 0;
  }
}
