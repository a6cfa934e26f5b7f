package dev.sheave.internal;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Removes folders that are no longer needed. */
public final class Folders {
  private Folders() {}

  /**
   * Deletes a file, or a folder with all that is in it, as far as possible; links are not followed.
   */
  public static void delete(Path folder) {
    File[] entries = Files.isSymbolicLink(folder) ? null : folder.toFile().listFiles();
    if (entries != null) {
      for (File entry : entries) {
        delete(entry.toPath());
      }
    }
    folder.toFile().delete();
  }
}
