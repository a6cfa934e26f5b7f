package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTest {
  @TempDir Path folder;
  Shell shell;

  @BeforeEach
  void aUser() throws IOException {
    shell = new Shell(folder);
  }

  private Path script(String name) throws IOException {
    Result result = shell.sheave("completion " + name);
    assertThat(result.code()).isZero();
    return shell.write("completion." + name, result.out());
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Assumptions.assumeTrue(isOnPath(command[0]), command[0] + " is not here");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.strip();
  }

  private static boolean isOnPath(String program) {
    return List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)).stream()
        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          sheave fl             | flow flow-run
          sheave work-queue cl  | clear-concurrency-limit
          sheave flow-run ls -- | --flow-name --help --limit --output --state --state-type
          sheave flow-run ls -o | json table
          sheave completion     | bash fish zsh
          """)
  void bashCompletesWhatCanFollow(String words, String expected) throws Exception {
    String last = words.endsWith("-o") || words.endsWith("completion") ? " ''" : "";
    String output =
        run(
            "bash",
            "-c",
            """
            source "$1"
            compopt() { :; }
            COMP_WORDS=(%s%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _complete_sheave
            printf '%%s\\n' "${COMPREPLY[@]}" | grep -v '^-.$' | sort | tr '\\n' ' '
            """
                .formatted(words, last),
            "bash",
            script("bash").toString());

    assertThat(output).isEqualTo(expected);
  }

  @Test
  void zshReadsItsScript() throws Exception {
    assertThat(run("zsh", "-n", script("zsh").toString())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          "sheave fl"               | flow flow-run
          "sheave -p x work-queue cl" | clear-concurrency-limit
          "sheave flow-run ls --st" | --state --state-type
          "sheave flow-run ls -o "  | json table
          "sheave completion "      | bash fish zsh
          """)
  void fishCompletesWhatCanFollow(String words, String expected) throws Exception {
    String output =
        run(
            "fish",
            "--no-config",
            "-c",
            "source $argv[1]; complete -C $argv[2]",
            script("fish").toString(),
            words);

    assertThat(output.lines().map(line -> line.replaceAll("\\t.*", "")).sorted().toList())
        .containsExactlyInAnyOrder(expected.split(" "));
  }

  @Test
  void whatIsNoShell() {
    assertThat(shell.sheave("completion tcsh").err())
        .isEqualTo(
            "SHELL must be 'bash' or 'zsh' or 'fish', not 'tcsh'. See 'sheave completion"
                + " --help'.\n");
  }
}
