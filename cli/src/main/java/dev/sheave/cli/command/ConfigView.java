package dev.sheave.cli.command;

import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Profiles;
import dev.sheave.internal.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code sheave config view}. */
@picocli.CommandLine.Command(
    description = "Show the settings, and where they come from; secrets stay masked.",
    footer = {
      "",
      "Environment variables take precedence over the profile.",
      "",
      "  $ sheave config view",
      "  $ sheave --profile production config view -o json"
    })
final class ConfigView extends ViewCommand {
  private static final String MASK = "********";

  @Option(names = "--show-defaults", description = "Also show settings that aren't set.")
  boolean showDefaults;

  @Option(names = "--hide-sources", description = "Don't show where settings come from.")
  boolean hideSources;

  @Option(names = "--show-secrets", description = "Show secrets as they are.")
  boolean showSecrets;

  private record Shown(String name, @Nullable String value, String source) {

    Map<String, @Nullable Object> json() {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("name", name);
      json.put("value", value);
      json.put("source", source);
      return json;
    }
  }

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    List<Shown> all = settings(invocation);
    if (format == Format.JSON) {
      return printJson(terminal, all.stream().map(Shown::json).toList());
    }
    for (Shown each : all) {
      String source = hideSources ? "" : " (from " + each.source + ")";
      terminal.say(
          each.name
              + "="
              + (each.value == null ? "" : "'" + each.value + "'")
              + terminal.in(Terminal.Colour.FAINT, source));
    }
    return CommandRunner.OK;
  }

  private List<Shown> settings(Invocation invocation) {
    Map<String, String> environment = invocation.terminal().environment();
    Settings settings = invocation.settings();
    CurrentProfile profile = CurrentProfile.of(invocation.terminal());
    List<Shown> all = new ArrayList<>();
    all.add(new Shown(Settings.PROFILE, profile.name(), profile.isChosen() ? "env" : "profiles"));
    all.add(
        new Shown(
            "SHEAVE_HOME",
            settings.home().toString(),
            environment.containsKey("SHEAVE_HOME") ? "env" : "defaults"));
    for (String name : Profiles.SETTINGS) {
      String ofEnvironment = environment.get(name);
      String ofProfile = profile.settings().get(name);
      if (ofEnvironment != null && !ofEnvironment.isBlank()) {
        all.add(new Shown(name, shown(name, ofEnvironment), "env"));
      } else if (isOfPrefect(name, environment)) {
        all.add(new Shown(name, shown(name, settings.url()), "env " + Settings.PREFECT_API_URL));
      } else if (ofProfile != null) {
        all.add(new Shown(name, shown(name, ofProfile), "profile"));
      } else if (showDefaults || name.equals("SHEAVE_API_URL")) {
        all.add(new Shown(name, defaultOf(name, settings), "defaults"));
      }
    }
    if (environment.containsKey("SHEAVE_ENCRYPTION_KEY")) {
      all.add(new Shown("SHEAVE_ENCRYPTION_KEY", MASK, "env"));
    }
    return all;
  }

  private static boolean isOfPrefect(String name, Map<String, String> environment) {
    return name.equals(Settings.API_URL)
        && !environment.getOrDefault(Settings.PREFECT_API_URL, "").isBlank();
  }

  private static @Nullable String defaultOf(String name, Settings settings) {
    return switch (name) {
      case "SHEAVE_API_URL" -> settings.url();
      case "SHEAVE_LOGGING_LEVEL" -> "INFO";
      default -> null;
    };
  }

  private String shown(String name, String value) {
    return showSecrets ? value : withoutSecrets(name, value);
  }

  /** A setting's value as it may be shown. */
  static String withoutSecrets(String name, String value) {
    return Profiles.SECRETS.contains(name)
        ? MASK
        : value.replaceAll("\\?.*", "?" + MASK).replaceAll("//.*@", "//" + MASK + "@");
  }
}
