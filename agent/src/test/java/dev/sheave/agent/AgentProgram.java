package dev.sheave.agent;

import dev.sheave.Sheave;
import dev.sheave.api.internal.UntilAvailable;
import dev.sheave.runtime.internal.ProcessLogging;
import dev.sheave.testkit.OwnProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An agent in a program of its own, for tests that kill it. */
final class AgentProgram {
  private AgentProgram() {}

  /**
   * Polls the tests' queue.
   *
   * @param arguments the home; then, if they are another's, the URL of the records, and how many
   *     runs are taken at a time
   */
  public static void main(String[] arguments) {
    ProcessLogging.install();
    Sheave.Builder connection = Sheave.builder().home(Path.of(arguments[0]));
    if (arguments.length > 1) {
      connection.url(arguments[1]);
    }
    UntilAvailable.call(
            Duration.ofMinutes(5),
            () ->
                Agent.builder(connection.connect())
                    .queues(Workshop.QUEUE)
                    .pollInterval(Duration.ofMillis(200))
                    .limit(arguments.length > 2 ? Integer.valueOf(arguments[2]) : null)
                    .start())
        .awaitEnd();
  }

  /** Starts the program. */
  static Process start(Path home) throws IOException {
    return OwnProcess.java(List.of(), AgentProgram.class, home.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
