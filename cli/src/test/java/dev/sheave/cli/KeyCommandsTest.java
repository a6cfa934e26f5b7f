package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandsTest {
  private static final String FIRST = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final String SECOND = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=";

  @TempDir Path folder;
  Shell shell;

  @BeforeEach
  void aUserWithASecret() throws IOException {
    shell = new Shell(folder).set("TOKEN", "s3cr3t");
  }

  @Test
  void theKeyInTheFileIsReplaced() throws IOException {
    shell.sheave("block create secret token --set value=@env:TOKEN");
    Path file = shell.home().resolve("encryption.key");
    String before = Files.readString(file);

    Result rotated = shell.sheave("key rotate");
    assertThat(rotated.err()).isEmpty();
    assertThat(rotated.out()).isEqualTo("Encrypted 1 block with a new key.\n");
    assertThat(Files.readString(file)).hasSameSizeAs(before).isNotEqualTo(before);
    assertThat(shell.sheave("block inspect secret/token").code()).isZero();
  }

  @Test
  void aKeyOfTheEnvironmentIsReplacedByAnotherOfTheEnvironment() {
    shell.set("SHEAVE_ENCRYPTION_KEY", FIRST);
    shell.sheave("block create secret token --set value=@env:TOKEN");
    Result refused = shell.sheave("key rotate");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("SHEAVE_NEW_ENCRYPTION_KEY").hasLineCount(1);

    shell.set("SHEAVE_NEW_ENCRYPTION_KEY", SECOND);
    assertThat(shell.sheave("key rotate").out())
        .isEqualTo(
            "Encrypted 1 block with a new key.\n"
                + "Now set SHEAVE_ENCRYPTION_KEY to the new key, and unset"
                + " SHEAVE_NEW_ENCRYPTION_KEY.\n");

    shell.set("SHEAVE_NEW_ENCRYPTION_KEY", "").set("SHEAVE_ENCRYPTION_KEY", SECOND);
    assertThat(shell.sheave("block inspect secret/token").code()).isZero();
    shell.set("SHEAVE_ENCRYPTION_KEY", FIRST);
    Result wrong = shell.sheave("block inspect secret/token");
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.err()).contains("SHEAVE_ENCRYPTION_KEY").hasLineCount(1);
  }
}
