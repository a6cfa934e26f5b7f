package dev.sheave.cli.command;

import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.internal.Profiles;
import dev.sheave.internal.Settings;
import picocli.CommandLine.Parameters;

/** {@code sheave profile use}. */
@picocli.CommandLine.Command(
    description = "Make a profile the active one, which commands use from now on.",
    footer = {"", "  $ sheave profile use production"})
final class ProfileUse extends Command {

  @Parameters(paramLabel = "NAME", description = "The profile.")
  String name = "";

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    Profiles.read(Settings.home(terminal.environment()), name).save();
    terminal.say(terminal.in(Colour.GOOD, "Profile '" + name + "' now active."));
    String chosen = terminal.variable(Settings.PROFILE);
    if (chosen != null && !chosen.isBlank() && !chosen.equals(name)) {
      terminal.complain(
          terminal.in(
              Colour.WARNING,
              "Warning: the environment variable SHEAVE_PROFILE selects '"
                  + chosen
                  + "' instead; run 'unset SHEAVE_PROFILE' to clear it."));
    }
    return CommandRunner.OK;
  }
}
