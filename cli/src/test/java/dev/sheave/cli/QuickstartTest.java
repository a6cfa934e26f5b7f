package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {

  @Test
  void itShowsTheWholeWayTwiceInARow(@TempDir Path folder) throws IOException {
    Shell shell = new Shell(folder);
    for (int time = 1; time <= 2; time++) {
      Result result = shell.sheave("quickstart");
      assertThat(result.err()).isEmpty();
      assertThat(result.code()).isZero();
      assertThat(result.out())
          .containsSubsequence(
              "$ sheave block create local-file-system quickstart",
              "$ sheave deployment build ./LogFlow.java:logFlow",
              "Successfully uploaded 3 files",
              "$ sheave deployment apply quickstart.yaml",
              "$ sheave deployment run log-flow/quickstart --param name=Marvin",
              "$ sheave agent start -q quickstart --run-once",
              "$ sheave flow-run logs ",
              "Hello Marvin!",
              "Finished in state Completed",
              "ended as Completed.");
    }
  }
}
