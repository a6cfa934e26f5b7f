package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
  @TempDir Path folder;
  Shell shell;

  @BeforeEach
  void aUser() throws IOException {
    shell = new Shell(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "--version", "-V", "--help", "block --help", "agent start -h"})
  void whatNeedsNoStoreOpensNone(String line) {
    Result result = shell.sheave(line);
    assertThat(result.code()).isZero();
    assertThat(result.out()).isNotBlank();
    assertThat(result.err()).isEmpty();
    assertThat(shell.home()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          blok ls                    | The command 'sheave blok' doesn't exist. Did you mean 'block'? See 'sheave --help'.
          block lst                  | The command 'sheave block lst' doesn't exist. Did you mean 'ls'? See 'sheave block --help'.
          block type                 | Usage: sheave block type
          block ls --ouput json      | 'sheave block ls' has no option '--ouput'. Did you mean '--output'? See 'sheave block ls --help'.
          block ls extra             | 'extra' is one argument too many for 'sheave block ls'. See 'sheave block ls --help'.
          block create               | 'sheave block create' requires TYPE and NAME. See 'sheave block create --help'.
          block create s3 x --set b  | 'b' isn't an assignment; write --set FIELD=VALUE.
          block create s3 x --set    | 'sheave block create' requires a value for --set. See 'sheave block create --help'.
          block create s3 x --set b=@x | The value of 'b' starts with '@'; write @env:VARIABLE, @file:PATH or @- to read it from there, or @@ for a value that starts with '@'.
          block create s3 x --from - --set b=@- | Standard input can be read only once: for --from, or for a field's value.
          block create s3 x --set a=1 --set a=2 | 'a' is set twice.
          block set s3/x             | 'sheave block set' requires FIELD=VALUE. See 'sheave block set --help'.
          block set s3/x b           | 'b' isn't an assignment; write FIELD=VALUE.
          block delete               | 'sheave block delete' requires TYPE/NAME. See 'sheave block delete --help'.
          block type inspct s3       | The command 'sheave block type inspct' doesn't exist. Did you mean 'inspect'? See 'sheave block type --help'.
          storage put s3/x           | 'sheave storage put' requires FROM. See 'sheave storage put --help'.
          block ls -o xml            | --output must be 'table' or 'json', not 'xml'. See 'sheave block ls --help'.
          flow-run ls --limit many   | --limit must be a whole number up to 2147483647, not 'many'. See 'sheave flow-run ls --help'.
          flow-run ls --limit 99999999999 | --limit must be a whole number up to 2147483647, not '99999999999'. See 'sheave flow-run ls --help'.
          flow-run ls --limit 0      | --limit must be 1 or more, not 0.
          agent start                | No work queues provided: pass at least one with --work-queue.
          deployment build X.java:x  | A name for this deployment must be provided with the '--name' flag.
          """)
  void wrongUsageIsOneSentenceAndExitCode2(String line, String sentence) {
    Result result = shell.sheave(line);
    assertThat(result.err()).startsWith(sentence);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    if (!sentence.startsWith("Usage")) {
      assertThat(result.err().lines()).hasSize(1);
    }
    assertThat(shell.home()).doesNotExist();
  }

  @Test
  void aPersonWhoSaysNothingIsShownTheCommands() {
    Result result = shell.sheave("");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("block", "deployment", "agent", "flow-run", "quickstart");
  }

  @Test
  void anErrorIsTracedOnRequestOnly() {
    assertThat(shell.sheave("block inspect string/x").err()).doesNotContain("\tat ");
    assertThat(shell.sheave("block inspect string/x --debug").err()).contains("\tat dev.sheave.");
    assertThat(shell.sheave("--debug block inspect string/x").err()).contains("\tat dev.sheave.");
    shell.set("SHEAVE_DEBUG", "1");
    assertThat(shell.sheave("block inspect string/x").err()).contains("\tat dev.sheave.");
  }

  @Test
  void coloursAreForTerminalsAndForWhoWantsThem() {
    assertThat(shell.sheave("block create string a --set value=1").out()).doesNotContain("\u001b");
    shell.onTerminal();
    assertThat(shell.sheave("block ls").out()).contains("\u001b[");
    assertThat(shell.sheave("block ls -o json").out()).doesNotContain("\u001b");
    shell.set("TERM", "dumb");
    assertThat(shell.sheave("block ls").out()).doesNotContain("\u001b");
    shell.set("TERM", "xterm").set("NO_COLOR", "1");
    assertThat(shell.sheave("block ls").out()).doesNotContain("\u001b");
  }

  @Test
  void aHomeThatIsAFileIsSaidInASentence() throws IOException {
    Files.writeString(shell.home(), "not a folder");
    Result result = shell.sheave("block ls");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains(shell.home().toString()).doesNotContain("\tat ");
    assertThat(result.err().lines()).hasSize(1);
  }
}
