package dev.sheave.storage.internal;

import static java.nio.file.attribute.PosixFilePermission.GROUP_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;

/**
 * Reads and sets whether a file is executable, on file systems that support it; on others no file
 * is.
 */
public final class ExecutableBit {
  private static final Map<PosixFilePermission, PosixFilePermission> EXECUTE_BY_READ =
      Map.of(OWNER_READ, OWNER_EXECUTE, GROUP_READ, GROUP_EXECUTE, OTHERS_READ, OTHERS_EXECUTE);

  private ExecutableBit() {}

  /** Returns whether a path's file system knows such a thing. */
  public static boolean isKept(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Returns whether a file is executable by its owner. */
  public static boolean of(Path file) throws IOException {
    // Files.isExecutable makes an exception for each file that isn't
    return isKept(file) && Files.getPosixFilePermissions(file).contains(OWNER_EXECUTE);
  }

  /** Makes a file executable for all users who may read it, or for none. */
  public static void set(Path file, boolean executable) throws IOException {
    if (!isKept(file) || of(file) == executable) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    EXECUTE_BY_READ.forEach(
        (read, execute) -> {
          if (!executable) {
            permissions.remove(execute);
          } else if (permissions.contains(read)) {
            permissions.add(execute);
          }
        });
    Files.setPosixFilePermissions(file, permissions);
  }
}
