package dev.sheave.cli.command;

import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.internal.Profiles;
import dev.sheave.internal.Settings;
import picocli.CommandLine.Parameters;

/** {@code sheave profile delete}. */
@picocli.CommandLine.Command(
    description = "Delete a profile that isn't active; the profile 'default' is emptied instead.",
    footer = {"", "  $ sheave profile delete production"})
final class ProfileDelete extends Command {

  @Parameters(paramLabel = "NAME", description = "The profile.")
  String name = "";

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    Profiles.read(Settings.home(terminal.environment()), null).delete(name).save();
    boolean isKept = name.equals(Profiles.DEFAULT);
    terminal.say(
        terminal.in(Colour.GOOD, (isKept ? "Reset" : "Removed") + " profile '" + name + "'."));
    return CommandRunner.OK;
  }
}
