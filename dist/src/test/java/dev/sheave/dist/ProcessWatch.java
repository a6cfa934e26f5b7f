package dev.sheave.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks at the command lines and environments of all processes of a Linux machine, as {@code ps}
 * does, again and again.
 */
final class ProcessWatch implements AutoCloseable {
  private static final Path PROCESSES = Path.of("/proc");

  private final Set<String> found = ConcurrentHashMap.newKeySet();
  private final Set<String> kinds = ConcurrentHashMap.newKeySet();
  private final Thread thread = new Thread(this::watch, "process-watch");
  private volatile boolean isOver;

  private ProcessWatch() {}

  static boolean isPossible() {
    return Files.isReadable(PROCESSES.resolve("self/environ"));
  }

  static ProcessWatch start() {
    ProcessWatch watch = new ProcessWatch();
    watch.thread.start();
    return watch;
  }

  private void watch() {
    while (!isOver) {
      try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
        for (Path process : processes) {
          look(process.resolve("cmdline"));
          look(process.resolve("environ"));
        }
      } catch (IOException e) {
        found.add("the processes can't be listed: " + e);
      }
    }
  }

  private void look(Path file) {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      return; // it has ended, or is another user's
    }
    String text = new String(content, StandardCharsets.ISO_8859_1);
    for (String kind : new String[] {"dev.sheave.cli.Main", "FlowRunMain"}) {
      if (text.contains(kind)) {
        kinds.add(kind);
      }
    }
    Canary.formsIn(content).forEach(form -> found.add(file + ": " + form));
  }

  /** Where the canary stood. */
  List<String> found() {
    return List.copyOf(found);
  }

  /** Which of Sheave's processes were seen. */
  Set<String> kinds() {
    return Set.copyOf(kinds);
  }

  @Override
  public void close() {
    isOver = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
