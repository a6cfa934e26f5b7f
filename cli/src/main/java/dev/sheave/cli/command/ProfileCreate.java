package dev.sheave.cli.command;

import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.internal.Profiles;
import dev.sheave.internal.Settings;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave profile create}. */
@picocli.CommandLine.Command(
    description = "Create a profile.",
    footer = {"", "  $ sheave profile create production --from default"})
final class ProfileCreate extends Command {

  @Parameters(paramLabel = "NAME", description = "The new profile's name.")
  String name = "";

  @Option(names = "--from", paramLabel = "NAME", description = "A profile to copy.")
  @Nullable String original;

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    Profiles all = Profiles.read(Settings.home(terminal.environment()), null);
    Map<String, String> settings =
        original == null ? Map.of() : all.settings(all.use(original).active());
    all.create(name, settings).save();
    terminal.say(terminal.in(Colour.GOOD, "Created profile with properties:"));
    terminal.say("    name - '" + name + "'");
    terminal.say("    from name - " + (original == null ? "None" : "'" + original + "'"));
    terminal.say("");
    terminal.say("Use created profile for future, subsequent commands:");
    terminal.say("    sheave profile use '" + name + "'");
    terminal.say("");
    terminal.say("Use created profile temporarily for a single command:");
    terminal.say("    sheave -p '" + name + "' config view");
    return CommandRunner.OK;
  }
}
