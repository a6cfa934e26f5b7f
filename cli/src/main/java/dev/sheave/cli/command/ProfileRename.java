package dev.sheave.cli.command;

import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.internal.Profiles;
import dev.sheave.internal.Settings;
import picocli.CommandLine.Parameters;

/** {@code sheave profile rename}. */
@picocli.CommandLine.Command(
    description = "Rename a profile.",
    footer = {"", "  $ sheave profile rename production live"})
final class ProfileRename extends Command {

  @Parameters(index = "0", paramLabel = "NAME", description = "The profile.")
  String name = "";

  @Parameters(index = "1", paramLabel = "NEW_NAME", description = "Its new name.")
  String newName = "";

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    Profiles.read(Settings.home(terminal.environment()), null).rename(name, newName).save();
    terminal.say(terminal.in(Colour.GOOD, "Renamed profile '" + name + "' to '" + newName + "'."));
    if (name.equals(terminal.variable(Settings.PROFILE))) {
      terminal.complain(
          terminal.in(
              Colour.WARNING,
              "Warning: the environment variable SHEAVE_PROFILE still selects '"
                  + name
                  + "'; set it to '"
                  + newName
                  + "'."));
    }
    return CommandRunner.OK;
  }
}
