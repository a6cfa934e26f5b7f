package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of a test's own, which it can stop. Without PostgreSQL the test is skipped,
 * or fails if {@code CI} is set. Not safe for use by several threads.
 */
final class OwnPostgres implements AutoCloseable {
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

  private final Path tools;
  private final Path folder;
  private final int port;

  /** Makes one, which doesn't run yet, in a folder that doesn't exist yet. */
  OwnPostgres(Path folder) throws Exception {
    Optional<Path> newest = newest();
    if (newest.isEmpty() && !"true".equals(System.getenv("CI"))) {
      assumeTrue(false, "PostgreSQL isn't installed");
    }
    this.tools = newest.orElseThrow().resolve("bin");
    this.folder = folder;
    Files.createDirectories(folder);
    try (ServerSocket free = new ServerSocket(0)) {
      this.port = free.getLocalPort();
    }
    if (isRoot()) {
      // it refuses to run as root, and its user must come this far
      for (Path each = folder; each != null && Files.isWritable(each); each = each.getParent()) {
        if (!each.equals(each.getRoot())) {
          run("chmod", "a+x", each.toString());
        }
      }
      run("chown", "postgres:", folder.toString());
    }
    tool("initdb", "-D", data(), "-U", "sheave", "-A", "trust", "-E", "UTF8", "--no-sync");
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

  /** Its URL, for Sheave. */
  String url() {
    return url("postgres");
  }

  /** The URL of one of its databases. */
  String url(String database) {
    return "jdbc:postgresql://sheave@127.0.0.1:" + port + "/" + database;
  }

  /** Starts it, and returns when it answers. */
  void start() throws Exception {
    String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=";
    tool(
        "pg_ctl",
        "-D",
        data(),
        "-l",
        folder.resolve("log").toString(),
        "-w",
        "-o",
        options,
        "start");
  }

  /** Stops it, whoever is connected. */
  void stop() throws Exception {
    tool("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
  }

  /** Lets it hang: connections stay, and nothing is answered. */
  void pause() throws Exception {
    signal("-STOP");
  }

  /** Lets it go on after {@link #pause}. */
  void resume() throws Exception {
    signal("-CONT");
  }

  private void signal(String signal) throws Exception {
    String pid = Files.readAllLines(folder.resolve("data/postmaster.pid")).get(0);
    ProcessHandle postgres = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    run("kill", signal, pid); // first of all, since it starts the others
    for (ProcessHandle each : postgres.descendants().toList()) {
      // it may have ended since
      new ProcessBuilder("kill", signal, String.valueOf(each.pid())).start().waitFor();
    }
  }

  /** Runs one of PostgreSQL's tools as its user, until it ends. */
  void tool(String name, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("setpriv", "--reuid", "postgres", "--regid", "postgres"));
      command.addAll(List.of("--init-groups", "--"));
    }
    command.add(tools.resolve(name).toString());
    command.addAll(List.of(arguments));
    run(command.toArray(String[]::new));
  }

  /** The options by which its tools find it. */
  String[] at(String... more) {
    return Stream.concat(
            Stream.of("-h", "127.0.0.1", "-p", String.valueOf(port), "-U", "sheave"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  private static void run(String... command) throws Exception {
    Path printed = Files.createTempFile("postgres", ".txt");
    try {
      int code =
          new ProcessBuilder(command)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(printed.toFile())
              .start()
              .waitFor();
      assertThat(code).as("%s: %s", List.of(command), Files.readString(printed)).isZero();
    } finally {
      Files.delete(printed);
    }
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (Exception e) {
      throw new AssertionError("PostgreSQL can't be stopped", e);
    }
  }
}
