package dev.sheave.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL server of a test's own, which may be stopped or killed, and started again on its
 * data. Without PostgreSQL the test is skipped, or fails if {@code CI} is {@code true}. Not safe
 * for use by several threads.
 */
public final class OwnPostgres implements AutoCloseable {
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  private final Path tools;
  private final Path folder;
  private final int port;
  private Process server;

  /**
   * Starts one, and returns when it answers.
   *
   * @param folder takes its data; it doesn't exist yet
   */
  public OwnPostgres(Path folder) throws IOException, InterruptedException {
    Optional<Path> newest = newest();
    if (newest.isEmpty() && !"true".equals(System.getenv("CI"))) {
      Assumptions.abort("PostgreSQL isn't installed");
    }
    this.tools = newest.orElseThrow().resolve("bin");
    this.folder = folder;
    Files.createDirectories(folder);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = free.getLocalPort();
    }
    if (isRoot()) {
      // it refuses to run as root, and its user must come this far
      for (Path each = folder; each != null && Files.isWritable(each); each = each.getParent()) {
        if (!each.equals(each.getRoot())) {
          run(List.of("chmod", "a+x", each.toString()));
        }
      }
      run(List.of("chown", "postgres:", folder.toString()));
    }
    tool("initdb", "-D", data(), "-U", "sheave", "-A", "trust", "-E", "UTF8", "--no-sync");
    this.server = launch();
    start();
  }

  private static Optional<Path> newest() throws IOException {
    if (!Files.isDirectory(VERSIONS)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(VERSIONS)) {
      return versions
          .filter(version -> Files.isExecutable(version.resolve("bin/postgres")))
          .max(Path::compareTo);
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private Path log() {
    return folder.resolve("log");
  }

  /** Its URL, for Sheave. */
  public String url() {
    return url("postgres");
  }

  /** The URL of one of its databases. */
  public String url(String database) {
    return "jdbc:postgresql://sheave@127.0.0.1:" + port + "/" + database;
  }

  /** Its processes while it runs. */
  public List<ProcessHandle> processes() {
    List<ProcessHandle> all = new ArrayList<>(server.descendants().toList());
    all.add(server.toHandle());
    return all;
  }

  private Process launch() throws IOException {
    return new ProcessBuilder(
            asUser(
                "postgres",
                "-D",
                data(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off",
                "-c",
                "max_connections=200"))
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(Redirect.appendTo(log().toFile()))
        .start();
  }

  /** Starts it again if it doesn't run, and returns when it answers. */
  public void start() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    while (!server.isAlive() || !isReady()) {
      if (System.nanoTime() - begin > LONGEST_START.toNanos()) {
        throw new AssertionError("PostgreSQL doesn't start: " + Files.readString(log()));
      }
      if (!server.isAlive()) {
        server = launch(); // it ends if some of one that was killed is left
      }
      Thread.sleep(POLL_INTERVAL.toMillis());
    }
  }

  private boolean isReady() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(tools.resolve("pg_isready").toString()));
    command.addAll(List.of(at()));
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  /** Stops it, whoever is connected. */
  public void stop() throws IOException, InterruptedException {
    tool("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
    server.waitFor();
  }

  /** Lets it hang: connections stay, and nothing is answered. */
  public void pause() throws IOException, InterruptedException {
    signal("-STOP");
  }

  /** Lets it go on after {@link #pause}. */
  public void resume() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    run(List.of("kill", signal, Long.toString(server.pid()))); // first, since it starts the others
    for (ProcessHandle each : server.descendants().toList()) {
      // it may have ended since
      new ProcessBuilder("kill", signal, Long.toString(each.pid())).start().waitFor();
    }
  }

  /** Runs one of PostgreSQL's tools as its user, until it ends. */
  public void tool(String name, String... arguments) throws IOException, InterruptedException {
    run(asUser(name, arguments));
  }

  private List<String> asUser(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(
          List.of("setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--"));
    }
    command.add(tools.resolve(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /** The options by which its tools find it, and more. */
  public String[] at(String... more) {
    return Stream.concat(
            Stream.of("-h", "127.0.0.1", "-p", String.valueOf(port), "-U", "sheave"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Path printed = Files.createTempFile("postgres", ".txt");
    try {
      int code =
          new ProcessBuilder(command)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(printed.toFile())
              .start()
              .waitFor();
      assertThat(code).as("%s: %s", command, Files.readString(printed)).isZero();
    } finally {
      Files.delete(printed);
    }
  }

  /** Stops it, also if it was paused; its data is left to who owns the folder. */
  @Override
  public void close() {
    try {
      if (server.isAlive()) {
        resume();
        stop();
      }
    } catch (IOException e) {
      throw new AssertionError("PostgreSQL can't be stopped", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.destroyForcibly();
    }
  }
}
