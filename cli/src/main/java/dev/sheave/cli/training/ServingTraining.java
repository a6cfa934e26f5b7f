package dev.sheave.cli.training;

import dev.sheave.cli.SheaveCommand;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.runtime.internal.ProcessLogging;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.event.Level;

/**
 * Starts a server in a home of its own, opens its pages and lets an agent ask it, so that their
 * classes are loaded when the virtual machine writes its archive of what serves.
 */
public final class ServingTraining {
  private static final String PAGES = "Pages: ";

  private ServingTraining() {}

  /**
   * Does so.
   *
   * @param args a folder to do it in, in which {@code home} is this process's {@code SHEAVE_HOME}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    ProcessLogging.install(new PrintStream(OutputStream.nullOutputStream()), Level.WARN);
    Map<String, String> environment =
        Map.of("SHEAVE_HOME", Path.of(args[0]).resolve("home").toString());
    PipedOutputStream said = new PipedOutputStream();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new PipedInputStream(said), StandardCharsets.UTF_8))) {
      Thread server =
          new Thread(() -> sheave(environment, said, "server", "start", "--port", "0"), "server");
      server.setDaemon(true);
      server.start();
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.startsWith(PAGES)) {
          ask(environment, line.substring(PAGES.length()));
          break;
        }
      }
    }
    System.exit(0); // ends the server
  }

  private static void ask(Map<String, String> environment, String pages)
      throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    for (String path : new String[] {"", "runs", "deployments", "blocks", "pools", "api/health"}) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(pages + path)).build();
      client.send(request, BodyHandlers.ofString());
    }
    Map<String, String> asking = new HashMap<>(environment);
    asking.put("SHEAVE_API_URL", pages + "api");
    OutputStream nowhere = OutputStream.nullOutputStream();
    for (String listed : new String[] {"block", "deployment", "flow-run", "work-queue"}) {
      sheave(asking, nowhere, listed, "ls");
    }
    sheave(asking, nowhere, "agent", "start", "-q", "default", "--run-once");
  }

  /** Runs a command, whose errors nobody sees. */
  static void sheave(Map<String, String> environment, OutputStream out, String... words) {
    SheaveCommand.run(
        words,
        Terminal.builder()
            .out(out)
            .err(OutputStream.nullOutputStream())
            .environment(environment)
            .build());
  }
}
