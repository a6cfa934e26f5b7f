package dev.sheave.benchmarks.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Trees of files on this machine. */
final class Trees {
  private static final int FOLDERS = 10;

  private Trees() {}

  /** Writes files of random bytes, the same ones each time. */
  static void write(Path folder, int files, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    for (int i = 0; i < files; i++) {
      new Random(i).nextBytes(content);
      Path parent = Files.createDirectories(folder.resolve("folder-" + i % FOLDERS));
      Files.write(parent.resolve("file-" + i), content);
    }
  }

  static long count(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> paths = new ArrayList<>(all.toList());
      Collections.reverse(paths);
      for (Path path : paths) {
        Files.deleteIfExists(path);
      }
    }
  }
}
