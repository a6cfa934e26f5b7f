package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions on a real terminal: a pseudo terminal that {@code script} makes. */
class ConsoleTest {
  @TempDir Path folder;

  @Test
  void aSecretIsTypedUnseen() throws Exception {
    assumeThat(Path.of("/usr/bin/script"))
        .as("skipped: script(1) of util-linux, which makes pseudo terminals, isn't here")
        .isExecutable();
    Path home = folder.resolve("home");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path arguments =
        Files.writeString(
            folder.resolve("arguments"),
            "-cp \""
                + System.getProperty("java.class.path")
                + "\"\n"
                + "-Dsheave.stdout.terminal=true\n-Dsheave.stdin.terminal=true\n");
    Path seen = folder.resolve("seen");
    ProcessBuilder builder =
        new ProcessBuilder(
                "/usr/bin/script",
                "-qec",
                "'" + java + "' '@" + arguments + "' dev.sheave.cli.Main block create secret token",
                "/dev/null")
            .redirectErrorStream(true)
            .redirectOutput(seen.toFile());
    builder.environment().put("SHEAVE_HOME", home.toString());
    Process process = builder.start();
    try (OutputStream keyboard = process.getOutputStream()) {
      // the console takes the echo away before it asks
      while (!read(seen).contains("value: ")) {
        assertThat(process.isAlive()).as(read(seen)).isTrue();
        Thread.onSpinWait();
      }
      keyboard.write("s3cr3t\n".getBytes(StandardCharsets.UTF_8));
      keyboard.flush();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(read(seen)).contains("Created block 'secret/token'").doesNotContain("s3cr3t");
    assertThat(process.exitValue()).isZero();
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file);
  }
}
