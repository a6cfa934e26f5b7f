package dev.sheave.benchmarks.transfer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A tree to move. */
enum Scenario {
  /** Many small files: a cost for each request shows. */
  SMALL("2,000 × 4 KiB", 10),
  /** A few large ones: bandwidth and memory show. */
  LARGE("20 × 64 MiB", 1),
  /** What a deployment of a Java application is. */
  APPLICATION("1 jar of 20 MB, 60 jars, 300 classes", 10);

  private static final int MEBIBYTE = 1024 * 1024;

  /** So many different ones pack to about a half. */
  private static final int LETTERS = 16;

  private final String title;
  private final int warmUps;

  Scenario(String title, int warmUps) {
    this.title = title;
    this.warmUps = warmUps;
  }

  /** How many rounds Java does that aren't counted. */
  int warmUps() {
    return warmUps;
  }

  String title() {
    return title;
  }

  /** Writes the tree; the same bytes each time. */
  void write(Path folder) throws IOException {
    switch (this) {
      case SMALL -> {
        for (int i = 0; i < 2_000; i++) {
          random(folder.resolve("folder-" + i % 20 + "/file-" + i), 4 * 1024, i);
        }
      }
      case LARGE -> {
        for (int i = 0; i < 20; i++) {
          random(folder.resolve("file-" + i), 64 * MEBIBYTE, i);
        }
      }
      case APPLICATION -> {
        random(folder.resolve("lib/large.jar"), 20 * MEBIBYTE, 0);
        for (int i = 0; i < 60; i++) {
          random(folder.resolve("lib/library-" + i + ".jar"), (i + 1) * 12 * 1024, i);
        }
        for (int i = 0; i < 300; i++) {
          classLike(folder.resolve("com/example/part" + i % 12 + "/Class" + i + ".class"), i);
        }
      }
    }
  }

  /** Changes one file, to another content of the same size. */
  void change(Path folder, int seed) throws IOException {
    switch (this) {
      case SMALL -> random(folder.resolve("folder-7/file-7"), 4 * 1024, 100_000 + seed);
      case LARGE -> random(folder.resolve("file-7"), 64 * MEBIBYTE, 100_000 + seed);
      case APPLICATION ->
          classLike(folder.resolve("com/example/part7/Class7.class"), 100_000 + seed);
    }
  }

  private static void random(Path file, int size, int seed) throws IOException {
    Random random = new Random(seed);
    write(file, size, random, false);
  }

  /** Packs to about a half, as classes do. */
  private static void classLike(Path file, int seed) throws IOException {
    Random random = new Random(seed);
    write(file, 2 * 1024 + seed % 30 * 512, random, true);
  }

  private static void write(Path file, int size, Random random, boolean fewLetters)
      throws IOException {
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    byte[] bytes = new byte[Math.min(size, MEBIBYTE)];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int left = size; left > 0; left -= bytes.length) {
        random.nextBytes(bytes);
        for (int i = 0; fewLetters && i < bytes.length; i++) {
          bytes[i] &= LETTERS - 1;
        }
        out.write(bytes, 0, Math.min(left, bytes.length));
      }
    }
  }
}
