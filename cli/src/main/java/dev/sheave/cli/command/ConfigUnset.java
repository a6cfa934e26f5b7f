package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Profiles;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** {@code sheave config unset}. */
@picocli.CommandLine.Command(
    description = "Remove settings from the profile in use.",
    footer = {"", "  $ sheave config unset SHEAVE_API_URL SHEAVE_API_KEY"})
final class ConfigUnset extends Command {

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME",
      description = "SHEAVE_API_URL, SHEAVE_API_KEY or SHEAVE_LOGGING_LEVEL.")
  List<String> names = new ArrayList<>();

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    CurrentProfile profile = CurrentProfile.of(terminal);
    Profiles all = profile.all();
    for (String name : names) {
      all = all.set(profile.name(), name, null);
      if (!profile.settings().containsKey(name)) {
        throw new SheaveException(
            Code.NOT_FOUND, "'" + name + "' is not set in the profile '" + profile.name() + "'.");
      }
    }
    all.save();
    names.forEach(name -> terminal.say("Unset '" + name + "'."));
    terminal.say(terminal.in(Terminal.Colour.GOOD, "Updated profile '" + profile.name() + "'."));
    return CommandRunner.OK;
  }
}
