package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsCommandsTest {
  @TempDir Path folder;
  Shell shell;

  @BeforeEach
  void aUser() throws IOException {
    shell = new Shell(folder);
  }

  private Path profiles() {
    return shell.home().resolve("profiles.yaml");
  }

  @Test
  void whatIsNotSetHasDefaults() {
    Result shown = shell.sheave("config view");

    assertThat(shown.out())
        .isEqualTo(
            "SHEAVE_PROFILE='default' (from profiles)\nSHEAVE_HOME='"
                + shell.home()
                + "' (from env)\nSHEAVE_API_URL='jdbc:sqlite:"
                + shell.home().resolve("sheave.db")
                + "' (from defaults)\n");
    assertThat(shell.sheave("config view --show-defaults --hide-sources").out())
        .contains("SHEAVE_API_KEY=\n", "SHEAVE_LOGGING_LEVEL='INFO'\n");
    assertThat(shell.home()).doesNotExist();
  }

  @Test
  void aSettingIsSetAndUnset() {
    String other = "jdbc:sqlite:" + folder.resolve("other.db");

    Result set = shell.sheave("config set SHEAVE_API_URL=" + other + " SHEAVE_LOGGING_LEVEL=ERROR");

    assertThat(set.out())
        .isEqualTo(
            "Set 'SHEAVE_API_URL' to '"
                + other
                + "'.\nSet 'SHEAVE_LOGGING_LEVEL' to 'ERROR'.\nUpdated profile 'default'.\n");
    assertThat(shell.sheave("config view").out())
        .contains("SHEAVE_API_URL='" + other + "' (from profile)");
    shell.sheave("work-queue create there");
    assertThat(folder.resolve("other.db")).exists();

    shell.set("SHEAVE_LOGGING_LEVEL", "WARNING");
    assertThat(shell.sheave("config view -o json").jsonList())
        .contains(Map.of("name", "SHEAVE_LOGGING_LEVEL", "value", "WARNING", "source", "env"));
    assertThat(shell.sheave("config set SHEAVE_LOGGING_LEVEL=INFO").err())
        .startsWith("Warning: 'SHEAVE_LOGGING_LEVEL' is also set by an environment variable");

    assertThat(shell.sheave("config unset SHEAVE_API_URL").out())
        .isEqualTo("Unset 'SHEAVE_API_URL'.\nUpdated profile 'default'.\n");
    assertThat(shell.sheave("work-queue ls -o json").jsonList()).isEmpty();
  }

  @Test
  void aKeyIsNeverShownUnlessAskedFor() throws IOException {
    shell.input("s3cret-key\n");

    Result set = shell.sheave("config set SHEAVE_API_KEY=@-");

    assertThat(set.out()).contains("Set 'SHEAVE_API_KEY' to '********'.");
    assertThat(set.err()).isEmpty();
    for (String line :
        new String[] {"config view", "config view -o json", "profile inspect", "profile ls"}) {
      assertThat(shell.sheave(line).out()).doesNotContain("s3cret");
    }
    assertThat(shell.sheave("config view --show-secrets").out()).contains("s3cret-key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(profiles())))
        .isEqualTo("rw-------");
    assertThat(shell.sheave("config set SHEAVE_API_KEY=other").err())
        .startsWith("Warning: the key is now in your shell's history");
    shell.sheave("config set SHEAVE_API_URL=jdbc:postgresql://me:hunter2@host/db?password=hunter3");
    assertThat(shell.sheave("config view").out() + shell.sheave("profile ls").out())
        .contains("//********@host/db")
        .doesNotContain("hunter");
  }

  @Test
  void profilesAreMadeUsedRenamedAndDeleted() {
    shell.sheave("config set SHEAVE_LOGGING_LEVEL=ERROR");
    assertThat(shell.sheave("profile create prod --from default").out())
        .startsWith(
            "Created profile with properties:\n    name - 'prod'\n    from name - 'default'")
        .contains("sheave profile use 'prod'", "sheave -p 'prod' config view");
    String url = "jdbc:sqlite:" + folder.resolve("prod.db");
    assertThat(shell.sheave("-p prod config set SHEAVE_API_URL=" + url).out())
        .endsWith("Updated profile 'prod'.\n");
    assertThat(shell.sheave("profile ls -o json").jsonList())
        .containsExactly(
            Map.of("name", "default", "active", true), Map.of("name", "prod", "active", false));
    assertThat(shell.sheave("profile inspect prod").out())
        .isEqualTo("SHEAVE_LOGGING_LEVEL='ERROR'\nSHEAVE_API_URL='" + url + "'\n");
    assertThat(shell.sheave("version").out()).doesNotContain(url);
    assertThat(shell.sheave("--profile prod version").out()).contains(url);

    assertThat(shell.sheave("profile use prod").out()).isEqualTo("Profile 'prod' now active.\n");
    assertThat(shell.sheave("version").out()).contains(url);
    assertThat(shell.sheave("profile rename prod live").out())
        .isEqualTo("Renamed profile 'prod' to 'live'.\n");
    assertThat(shell.sheave("profile ls").out()).containsPattern("\\* +live +" + url);
    shell.set("SHEAVE_PROFILE", "default");
    assertThat(shell.sheave("version").out()).doesNotContain(url);
    assertThat(shell.sheave("config view").out()).contains("SHEAVE_PROFILE='default' (from env)");
    assertThat(shell.sheave("config unset SHEAVE_LOGGING_LEVEL").code()).isZero();
    assertThat(shell.sheave("profile inspect").err()).isEqualTo("Profile 'default' is empty.\n");
    shell.set("SHEAVE_PROFILE", "");
    assertThat(shell.sheave("profile ls").out()).containsPattern("\\* +live");
    assertThat(shell.sheave("profile use default").code()).isZero();
    assertThat(shell.sheave("profile delete live").out()).isEqualTo("Removed profile 'live'.\n");
  }

  @Test
  void mistakesChangeNothing() throws IOException {
    shell.sheave("profile create prod");
    String before = Files.readString(profiles());

    said("config set SHEAVE_API_ULR=http://h/api", 1, "Did you mean 'SHEAVE_API_URL'?");
    said("config set SHEAVE_LOGGING_LEVEL=INFO SHEAVE_API_URL=h", 1, "SHEAVE_API_URL must start");
    said("config set SHEAVE_LOGGING_LEVEL=DEBG", 1, "Did you mean 'DEBUG'?");
    said("config set SHEAVE_API_KEY=", 1, "'sheave config unset SHEAVE_API_KEY' removes it");
    said("config set SHEAVE_API_KEY", 2, "write NAME=VALUE");
    said("config set SHEAVE_API_KEY=@env:NOT_THERE", 1, "'NOT_THERE'");
    said("config set", 2, "'sheave config set' requires NAME=VALUE");
    said("config unset SHEAVE_API_KEY", 1, "is not set in the profile 'default'");
    said("profile create prod", 1, "The profile 'prod' already exists.");
    said("profile create ../x", 1, "isn't a valid profile name");
    said("profile create x --from prdo", 1, "Did you mean 'prod'?");
    said("profile use prdo", 1, "Did you mean 'prod'?");
    said("profile inspect prdo", 1, "Did you mean 'prod'?");
    said("profile rename prdo x", 1, "Did you mean 'prod'?");
    said("profile rename default prod", 1, "The profile 'prod' already exists.");
    said("profile delete default", 1, "is active; use another one first");
    said("-p prdo work-queue ls", 1, "Did you mean 'prod'?");
    assertThat(Files.readString(profiles())).isEqualTo(before);

    Files.writeString(profiles(), "profiles: [oops");
    said("work-queue ls", 1, "profiles.yaml");
  }

  private void said(String line, int code, String text) {
    Result result = shell.sheave(line);
    assertThat(result.err()).as(line).contains(text);
    assertThat(result.err().lines()).as(line).hasSize(1);
    assertThat(result.code()).as(line).isEqualTo(code);
  }
}
