package dev.sheave.runtime.loader;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Removes folders that are no longer needed. */
final class Folders {
  private Folders() {}

  /** Deletes a folder with all that is in it, as far as possible; links are not followed. */
  static void delete(Path folder) {
    File[] entries = Files.isSymbolicLink(folder) ? null : folder.toFile().listFiles();
    if (entries != null) {
      for (File entry : entries) {
        delete(entry.toPath());
      }
    }
    folder.toFile().delete();
  }
}
