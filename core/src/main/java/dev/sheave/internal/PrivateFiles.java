package dev.sheave.internal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Creates files and folders that only their owner can read, from the start. On a file system
 * without such permissions the folder above protects them. Existing files and folders stay as they
 * are.
 */
public final class PrivateFiles {
  private static final FileAttribute<?>[] NONE = {};

  private PrivateFiles() {}

  /** Makes a folder, and those above it. */
  public static void createFolderIfMissing(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, permissions(folder, "rwx------"));
    }
  }

  /** Makes a folder; an existing one is an error. */
  public static void createFolder(Path folder) throws IOException {
    Files.createDirectory(folder, permissions(folder, "rwx------"));
  }

  /** Makes an empty file. */
  public static void createFileIfMissing(Path file) throws IOException {
    try {
      Files.createFile(file, permissions(file, "rw-------"));
    } catch (FileAlreadyExistsException e) {
      // as wanted
    }
  }

  /**
   * Writes a file, or replaces one, as a whole: who reads it, at any time and after any crash, sees
   * the old text or the new one.
   *
   * @param file in a folder that exists
   */
  public static void write(Path file, String text) throws IOException {
    Path target = file.toAbsolutePath();
    Path beside = Files.createTempFile(target.getParent(), ".sheave-", ".new");
    try {
      Files.writeString(beside, text);
      Files.move(
          beside, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static FileAttribute<?>[] permissions(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : NONE;
  }
}
