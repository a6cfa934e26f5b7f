package dev.sheave.cli.command;

import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Profiles;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** {@code sheave profile inspect}. */
@picocli.CommandLine.Command(
    description = "Show the settings of a profile; secrets stay masked.",
    footer = {"", "  $ sheave profile inspect production"})
final class ProfileInspect extends ViewCommand {

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "The profile. Default: the one in use.")
  @Nullable String name;

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    CurrentProfile current = CurrentProfile.of(terminal);
    Profiles all = current.all();
    String wanted = name == null ? current.name() : all.use(name).active();
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    all.settings(wanted)
        .forEach(
            (setting, value) -> settings.put(setting, ConfigView.withoutSecrets(setting, value)));
    if (format == Format.JSON) {
      return printJson(terminal, settings);
    }
    if (settings.isEmpty()) {
      terminal.complain("Profile '" + wanted + "' is empty.");
    }
    settings.forEach((setting, value) -> terminal.say(setting + "='" + value + "'"));
    return CommandRunner.OK;
  }
}
