package dev.sheave.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

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

  /**
   * Deletes a folder with all that is in it; links are not followed.
   *
   * @throws IOException if something can't be deleted, or there is no folder
   */
  public static void deleteAll(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
