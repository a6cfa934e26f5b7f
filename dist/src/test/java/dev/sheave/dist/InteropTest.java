package dev.sheave.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.testkit.RequiredService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sheave with Prefect's programs, as the page shows it: all its commands say what they say there.
 */
@Tag("distribution")
class InteropTest {

  @Test
  void thePageShowsWhatItsCommandsSay(@TempDir Path folder) throws Exception {
    RequiredService.variable("prefect", "PREFECT_SERVER_URL");
    Path difference = folder.resolve("difference");
    ProcessBuilder transcript =
        new ProcessBuilder("bin/transcript", "--check", "docs/interop.md")
            .directory(Path.of("..").toFile())
            .redirectErrorStream(true)
            .redirectOutput(difference.toFile());
    transcript.environment().keySet().removeIf(name -> name.startsWith("SHEAVE_"));
    transcript.environment().put("SHEAVE_CDS", "off");
    transcript.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = transcript.start();
    try {
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroy();
    }
    assertThat(Files.readString(difference)).isEmpty();
    assertThat(process.exitValue()).isZero();
  }
}
