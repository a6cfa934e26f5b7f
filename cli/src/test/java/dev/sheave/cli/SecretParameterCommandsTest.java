package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parameters that are secrets, and results, on the command line. */
class SecretParameterCommandsTest {
  private static final String CANARY = "hunter2-canary";

  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void write() throws IOException {
    shell = new Shell(folder);
    shell.write(
        "Upload.java",
        """
        import dev.sheave.block.Secret;
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.Param;
        import java.util.List;

        public class Upload {
          public record Report(String name, List<Integer> sizes) {}

          @Flow
          public static Report upload(@Param("token") Secret token) {
            return new Report("r", List.of(token.reveal().length()));
          }
        }
        """);
  }

  private void assertNothingOnDiskHasTheSecret() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1))
            .as(each.toString())
            .doesNotContain(CANARY);
      }
    }
  }

  private void assertNotShown(Result result) {
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out() + result.err()).doesNotContain(CANARY);
  }

  @Test
  void aSecretIsNeitherShownNorKeptInTheClear() throws IOException {
    Result build =
        shell.sheave(
            "deployment build Upload.java:upload -n here -q test --skip-upload --apply"
                + " --param token="
                + CANARY);
    assertNotShown(build);
    assertThat(build.err())
        .contains(
            "Warning: the value of token is now in your shell's history; token=@env:VARIABLE,");
    assertThat(Files.readString(shell.directory().resolve("upload-deployment.yaml")))
        .contains("block_document_id");
    shell.set("TOKEN", CANARY);
    Result run = shell.sheave("deployment run upload/here --param token=@env:TOKEN");
    assertNotShown(run);
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("Parameters: {\"token\":{\"$ref\":{\"block_document_id\":");
    assertNotShown(shell.sheave("deployment inspect upload/here"));
    assertNotShown(shell.sheave("deployment inspect upload/here -o json"));
    assertNotShown(shell.sheave("flow-run ls -o json"));
    assertNotShown(shell.sheave("block ls"));
    assertNothingOnDiskHasTheSecret();
  }

  @Test
  void aFlowThatRunsHereGetsItAndItsResultIsPrinted() throws IOException {
    shell.set("TOKEN", CANARY);

    Result run = shell.sheave("run Upload.java:upload --param token=@env:TOKEN");

    assertNotShown(run);
    assertThat(run.out())
        .endsWith("Result: {\"name\":\"r\",\"sizes\":[" + CANARY.length() + "]}\n");
    assertNothingOnDiskHasTheSecret();
  }

  @Test
  void aSavedSecretIsNamed() {
    shell.set("TOKEN", CANARY);
    shell.sheave("block create secret token --set value=@env:TOKEN");

    Result run = shell.sheave("run Upload.java:upload --param token=secret/token");

    assertNotShown(run);
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("[" + CANARY.length() + "]");
    Result missing = shell.sheave("run Upload.java:upload --param token=secret/tokn");
    assertThat(missing.err())
        .isEqualTo("The block 'secret/tokn' doesn't exist. Did you mean 'secret/token'?\n");
  }
}
