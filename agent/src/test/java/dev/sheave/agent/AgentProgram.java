package dev.sheave.agent;

import dev.sheave.Sheave;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An agent in a program of its own, for tests that kill it. */
final class AgentProgram {
  private AgentProgram() {}

  /** Polls the tests' queue of a home. */
  public static void main(String[] arguments) {
    Sheave sheave = Sheave.builder().home(Path.of(arguments[0])).connect();
    Agent.builder(sheave)
        .queues(Workshop.QUEUE)
        .pollInterval(Duration.ofMillis(200))
        .start()
        .awaitEnd();
  }

  /** Starts the program. */
  static Process start(Path home) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                AgentProgram.class.getName(),
                home.toString()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
