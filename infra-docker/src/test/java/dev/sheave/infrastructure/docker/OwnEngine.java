package dev.sheave.infrastructure.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An engine that a test can stop, beside that of {@code bin/services}. */
final class OwnEngine {
  private final Path folder;
  private final List<String> options;
  private @Nullable Process process;

  /**
   * Describes an engine that isn't running.
   *
   * @param folder for all that is its own
   */
  OwnEngine(Path folder, String... options) {
    DockerService.host(); // where there is none, there is none to start
    assumeTrue("root".equals(System.getProperty("user.name")), "an engine needs root");
    this.folder = folder;
    this.options = List.of(options);
  }

  String host() {
    return "unix://" + folder.resolve("docker.sock");
  }

  void start() throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "dockerd",
                "--live-restore",
                "--data-root=" + folder.resolve("data"),
                "--exec-root=" + folder.resolve("exec"),
                "--pidfile=" + folder.resolve("docker.pid"),
                "--host=" + host(),
                // the bridge is that of all engines of the machine: without one, it would be
                // removed
                "--iptables=false",
                "--ip-masq=false",
                "--ip-forward=false"));
    command.addAll(options);
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    process = started;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (docker("info") != 0) {
      assertThat(started.isAlive()).as(Files.readString(folder.resolve("log"))).isTrue();
      assertThat(System.nanoTime()).as("the engine answers").isLessThan(deadline);
    }
  }

  void stop() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroy();
      assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Asks this engine, over its socket, and returns the exit code. */
  int docker(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker", "--host", host()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Stops it, and lets its folder be removed. */
  void close() throws IOException, InterruptedException {
    stop();
    for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
      String mounted = line.split(" ")[1];
      if (mounted.startsWith(folder.toString())) { // such an engine leaves its folder mounted
        new ProcessBuilder("umount", "-l", mounted).start().waitFor();
      }
    }
  }
}
