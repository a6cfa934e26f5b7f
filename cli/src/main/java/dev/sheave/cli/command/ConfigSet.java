package dev.sheave.cli.command;

import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.internal.Profiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Parameters;

/** {@code sheave config set}. */
@picocli.CommandLine.Command(
    description = "Change settings of the profile in use.",
    footer = {
      "",
      "Read secrets from where they are kept: NAME=@env:VARIABLE, NAME=@file:PATH or NAME=@-"
          + " (standard input).",
      "",
      "  $ sheave config set SHEAVE_API_URL=http://127.0.0.1:4200/api SHEAVE_API_KEY=@file:key",
      "  $ sheave --profile production config set SHEAVE_LOGGING_LEVEL=DEBUG"
    })
final class ConfigSet extends Command {

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME=VALUE",
      description = "SHEAVE_API_URL, SHEAVE_API_KEY or SHEAVE_LOGGING_LEVEL, and its value.")
  List<String> assignments = new ArrayList<>();

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    FieldAssignments given = FieldAssignments.parse("NAME=VALUE", assignments);
    Map<String, String> values = given.texts(terminal);
    CurrentProfile profile = CurrentProfile.of(terminal);
    Profiles all = profile.all();
    for (Map.Entry<String, String> each : values.entrySet()) {
      each.setValue(SettingValues.check(each.getKey(), each.getValue()));
      all = all.set(profile.name(), each.getKey(), each.getValue());
    }
    all.save();
    values.forEach((name, value) -> say(name, value, terminal));
    if (given.plain().stream().anyMatch(Profiles.SECRETS::contains)) {
      terminal.complain(
          terminal.in(
              Colour.WARNING,
              "Warning: the key is now in your shell's history; SHEAVE_API_KEY=@env:VARIABLE,"
                  + " =@file:PATH or =@- keeps it out."));
    }
    terminal.say(terminal.in(Colour.GOOD, "Updated profile '" + profile.name() + "'."));
    return CommandRunner.OK;
  }

  private static void say(String name, String value, Terminal terminal) {
    terminal.say("Set '" + name + "' to '" + ConfigView.withoutSecrets(name, value) + "'.");
    if (terminal.variable(name) != null) {
      terminal.complain(
          terminal.in(
              Colour.WARNING,
              "Warning: '"
                  + name
                  + "' is also set by an environment variable, which takes precedence; run 'unset "
                  + name
                  + "' to clear it."));
    }
  }
}
