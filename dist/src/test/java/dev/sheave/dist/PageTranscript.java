package dev.sheave.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs the commands of a page, which have to say what they say there. */
final class PageTranscript {
  private PageTranscript() {}

  /**
   * Checks a page.
   *
   * @param page its file, such as {@code docs/agents.md}
   * @param folder an empty one
   */
  static void check(String page, Path folder) throws Exception {
    Path difference = folder.resolve("difference");
    Path said = folder.resolve("said");
    ProcessBuilder transcript =
        new ProcessBuilder("bin/transcript", "--check", page)
            .directory(Path.of("..").toFile())
            .redirectOutput(difference.toFile())
            .redirectError(said.toFile()); // by commands that the page doesn't show
    transcript.environment().keySet().removeIf(name -> name.startsWith("SHEAVE_"));
    transcript.environment().put("SHEAVE_CDS", "off");
    transcript.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = transcript.start();
    try {
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroy();
    }
    assertThat(Files.readString(difference)).as("what changed").isEmpty();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
  }
}
