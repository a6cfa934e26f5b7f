package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.block.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "HOME isn't the home folder there")
  void sheavesHomeIsBelowTheUsersHomeAsTheShellKnowsIt() {
    assertThat(Settings.home(Map.of("HOME", "/home/ford")))
        .isEqualTo(Path.of("/home/ford/.sheave"));
  }

  @Test
  void withoutHomeTheSystemSaysWhereItIs() {
    assertThat(Settings.home(Map.of("HOME", " ")))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".sheave"));
  }

  @Test
  void sheaveHomeIsTakenBeforeAll() {
    assertThat(Settings.home(Map.of("HOME", "/home/ford", "SHEAVE_HOME", "/var/lib/sheave/../x")))
        .isEqualTo(Path.of("/var/lib/x").toAbsolutePath());
  }

  @Test
  void theKeyMayBeTheFirstLineOfAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "  the-key \nmore\n");
    Map<String, String> environment =
        Map.of("SHEAVE_HOME", folder.toString(), "SHEAVE_API_KEY_FILE", file.toString());
    assertThat(Settings.of(environment).apiKey().orElseThrow().reveal()).isEqualTo("the-key");

    Map<String, String> both = new HashMap<>(environment);
    both.put("SHEAVE_API_KEY", "another");
    assertThat(Settings.of(both).apiKey().orElseThrow().reveal()).isEqualTo("another");

    Files.writeString(file, "\nthe-key");
    assertThatThrownBy(() -> Settings.of(environment))
        .hasMessage(
            "The file '"
                + file
                + "', which SHEAVE_API_KEY_FILE names, must have a key as first line.");
    Files.delete(file);
    assertThatThrownBy(() -> Settings.of(environment))
        .hasMessageStartingWith(
            "The file '" + file + "', which SHEAVE_API_KEY_FILE names, can't be read: ");
  }

  @TempDir Path folder;

  private Settings settings(String profile, String... environment) throws IOException {
    Files.writeString(folder.resolve("profiles.yaml"), "profiles:\n  default: {" + profile + "}\n");
    Map<String, String> all = new HashMap<>(Map.of("SHEAVE_HOME", folder.toString()));
    for (String each : environment) {
      all.put(each.replaceFirst("=.*", ""), each.replaceFirst("[^=]*=", ""));
    }
    return Settings.of(all);
  }

  private static String described(Settings settings) {
    return settings.url() + " " + settings.apiKey().map(Secret::reveal).orElse("none");
  }

  @Test
  void theServerIsSheavesOrPrefectsOrTheProfiles() throws IOException {
    String profile = "SHEAVE_API_URL: 'http://profile/api', SHEAVE_API_KEY: profiles";

    assertThat(described(settings(profile))).isEqualTo("http://profile/api profiles");
    assertThat(described(settings(profile, "SHEAVE_API_KEY=mine")))
        .isEqualTo("http://profile/api mine");
    assertThat(
            described(
                settings(profile, "PREFECT_API_URL=http://prefect/api", "PREFECT_API_KEY=theirs")))
        .isEqualTo("http://prefect/api theirs");
    assertThat(
            described(
                settings(
                    profile,
                    "SHEAVE_API_URL=http://sheave/api",
                    "SHEAVE_API_KEY=mine",
                    "PREFECT_API_URL=http://prefect/api",
                    "PREFECT_API_KEY=theirs")))
        .isEqualTo("http://sheave/api mine");
  }

  @Test
  void aKeyIsForTheServerItCameWith() throws IOException {
    String profile = "SHEAVE_API_URL: 'http://profile/api', SHEAVE_API_KEY: profiles";

    assertThat(described(settings(profile, "PREFECT_API_URL=http://prefect/api")))
        .isEqualTo("http://prefect/api none");
    assertThat(
            described(settings("", "SHEAVE_API_URL=http://sheave/api", "PREFECT_API_KEY=theirs")))
        .isEqualTo("http://sheave/api none");
    assertThat(
            described(
                settings(
                    "", "PREFECT_API_URL=http://p/api", "SHEAVE_API_URL= ", "SHEAVE_API_KEY=k")))
        .isEqualTo("http://p/api k");
  }
}
