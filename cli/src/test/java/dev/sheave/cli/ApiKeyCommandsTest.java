package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeyCommandsTest {
  private static final String KEY = "shv_[0-9a-f]{72}\n";

  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void open() throws Exception {
    shell = new Shell(folder);
  }

  @Test
  void aKeyIsShownOnceAndListedByItsStart() {
    assertThat(shell.sheave("api-key ls").err()).contains("There are no API keys");

    Result created = shell.sheave("api-key create laptop --scope admin --expires 90d");
    assertThat(created.out()).matches(KEY);
    assertThat(created.err()).contains("only time");

    Result listed = shell.sheave("api-key ls");
    assertThat(listed.out())
        .containsPattern("laptop +" + created.out().substring(0, 12) + " +admin +")
        .doesNotContain(created.out().strip());
    assertThat(shell.sheave("api-key ls -o json").out()).contains("\"scope\" : \"admin\"");
  }

  @Test
  void aKeyIsRolledAndRevokedByItsName() {
    String first = shell.sheave("api-key create agent").out();
    assertThat(shell.sheave("api-key roll agent --overlap 1h").out())
        .matches(KEY)
        .isNotEqualTo(first);
    assertThat(shell.sheave("api-key ls").out()).hasLineCount(3);

    assertThat(shell.sheave("api-key revoke agent").out()).isEqualTo("Revoked API key 'agent'.\n");
    assertThat(shell.sheave("api-key ls").out()).isEmpty();
    assertThat(shell.sheave("api-key revoke agent").err())
        .isEqualTo("There is no API key with the name 'agent'.\n");
  }

  @Test
  void wrongArgumentsAreRefused() {
    assertThat(shell.sheave("api-key create a --scope owner").err()).contains("owner");
    assertThat(shell.sheave("api-key create a --expires soon").err())
        .contains("--expires must be", "'soon'");
    shell.sheave("api-key create a");
    assertThat(shell.sheave("api-key create a").err()).contains("roll or revoke it");
  }
}
