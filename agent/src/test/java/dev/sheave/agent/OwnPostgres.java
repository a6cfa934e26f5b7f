package dev.sheave.agent;

import dev.sheave.testkit.RequiredService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A PostgreSQL server of a test, which may be killed. It keeps its data when it is. */
@SuppressWarnings("try") // who waits for its end may be interrupted
final class OwnPostgres implements AutoCloseable, Victim {
  private final Path folder;
  private final Path programs;
  private final int port;
  private Process server;

  /** Starts one on data of its own. */
  OwnPostgres() throws Exception {
    RequiredService.variable("postgres", "POSTGRES_URL"); // where that runs, so does this
    try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      this.programs = versions.max(Comparator.naturalOrder()).orElseThrow().resolve("bin");
    }
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = free.getLocalPort();
    }
    this.folder = Files.createTempDirectory("sheave-postgres");
    if (isRoot()) {
      must("chown", "postgres:", folder.toString());
    }
    must(asUser("initdb", "-D", data(), "-U", "sheave", "-A", "trust", "-E", "UTF8", "--no-sync"));
    this.server = launch();
    awaitReady();
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** It refuses to run as root. */
  private List<String> asUser(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(
          List.of("setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private void must(String... command) throws Exception {
    must(List.of(command));
  }

  private void must(List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(Path.of("target", "own-postgres.log").toAbsolutePath().toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command + " ended with " + process.exitValue());
    }
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
        .redirectOutput(
            ProcessBuilder.Redirect.appendTo(
                Path.of("target", "own-postgres.log").toAbsolutePath().toFile()))
        .start();
  }

  String url() {
    return "jdbc:postgresql://sheave@127.0.0.1:" + port + "/postgres";
  }

  @Override
  public String name() {
    return "database";
  }

  @Override
  public List<ProcessHandle> processes() {
    List<ProcessHandle> all = new ArrayList<>(server.descendants().toList());
    all.add(server.toHandle());
    return all;
  }

  /** Starts it again; what is left of the one that was killed ends first. */
  @Override
  public void start() throws Exception {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              if (!server.isAlive()) {
                server = launch();
              }
              return isReady();
            });
  }

  private void awaitReady() {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::isReady);
  }

  private boolean isReady() {
    try (var connection =
        DriverManager.getConnection(url().replace("sheave@", "") + "?user=sheave")) {
      return connection.isValid(10);
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public void close() throws Exception {
    server.destroy(); // the database's own "smart" end would wait for its clients
    kill();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
