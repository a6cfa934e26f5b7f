package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checks that nobody else could have written code that is about to be executed: files and folders
 * must belong to this user or to root, and must not be writable for others. Where the file system
 * knows no such permissions nothing is checked.
 */
public final class TrustedFiles {
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private static final Path THIS_USERS = Path.of("/proc/self");

  private TrustedFiles() {}

  /**
   * Checks a file, or a folder with all that is in it, and the folders from a root down to it.
   *
   * @param root the topmost folder to look at
   * @throws SheaveException {@code PERMISSION_DENIED}, naming the first that somebody else may
   *     write, and what to do
   */
  public static void check(Path root, Path file) {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try {
      for (Path above = file.getParent();
          above != null && above.startsWith(root);
          above = above.getParent()) {
        checkOne(above);
      }
      try (Stream<Path> all = Files.walk(file)) {
        for (Path each : (Iterable<Path>) all::iterator) {
          checkOne(each);
        }
      }
    } catch (IOException e) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          "Who may write '" + file + "' can't be seen: " + IoReason.of(e, file) + ".",
          e);
    }
  }

  private static void checkOne(Path path) throws IOException {
    PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
    String owner = attributes.owner().getName();
    if (!owner.equals(thisUser()) && !owner.equals("root")) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          "'"
              + path
              + "' belongs to the user '"
              + owner
              + "', so code there isn't executed. Remove it, or make it yours with 'chown'.");
    }
    if (attributes.permissions().stream().anyMatch(OTHERS::contains)) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          "'"
              + path
              + "' can be written by other users, so code there isn't executed. Make sure that it"
              + " is what you put there, and run 'chmod -R go-w "
              + path
              + "'.");
    }
  }

  /** Whether a file, or a link itself, belongs to this user. */
  static boolean isThisUsers(Path path) {
    try {
      return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName().equals(thisUser());
    } catch (IOException | UnsupportedOperationException e) {
      return false; // it went meanwhile, or nobody can know
    }
  }

  /** By the files of this process: the name in a property may be another, or missing. */
  private static String thisUser() throws IOException {
    return Files.isDirectory(THIS_USERS)
        ? Files.getOwner(THIS_USERS).getName()
        : System.getProperty("user.name");
  }
}
