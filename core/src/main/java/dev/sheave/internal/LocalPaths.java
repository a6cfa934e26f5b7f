package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Paths of this machine as people write them in values: relative to the directory of this program,
 * or to this user's home with {@code ~}. Who reads such a value later may be another user in
 * another directory, so what is saved is absolute.
 */
public final class LocalPaths {
  private LocalPaths() {}

  /**
   * Returns the path that a text stands for; absolute and normalized.
   *
   * @throws SheaveException {@code INVALID} if it can't be a path here
   */
  public static Path of(String text) {
    boolean isInHome = text.equals("~") || text.startsWith("~/") || text.startsWith("~\\");
    try {
      return Path.of(isInHome ? Settings.userHome(System.getenv()) + text.substring(1) : text)
          .toAbsolutePath()
          .normalize();
    } catch (InvalidPathException e) {
      throw new SheaveException(
          Code.INVALID,
          "'" + text + "' isn't a valid path on this machine: " + e.getReason() + ".",
          e);
    }
  }
}
