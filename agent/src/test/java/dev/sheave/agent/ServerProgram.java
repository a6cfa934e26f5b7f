package dev.sheave.agent;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.api.internal.UntilAvailable;
import dev.sheave.runtime.internal.ProcessLogging;
import dev.sheave.server.SheaveServer;
import java.nio.file.Path;
import java.time.Duration;

/** A server in a program of its own, for tests that kill it. */
final class ServerProgram {
  private ServerProgram() {}

  /** Serves the records of a home and a database at a port. */
  public static void main(String[] arguments) throws SheaveException {
    ProcessLogging.install();
    UntilAvailable.call(
            Duration.ofMinutes(5),
            () ->
                SheaveServer.builder(
                        Sheave.builder().home(Path.of(arguments[0])).url(arguments[1]).connect())
                    .port(Integer.parseInt(arguments[2]))
                    .pages(false)
                    .start())
        .awaitEnd();
  }
}
