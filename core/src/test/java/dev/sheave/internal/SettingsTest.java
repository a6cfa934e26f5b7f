package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

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
}
