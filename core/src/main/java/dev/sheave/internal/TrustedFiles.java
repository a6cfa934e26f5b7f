package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;

/**
 * Checks that nobody else could write code that is about to be executed: files and folders must
 * belong to this user or to root, and must not be writable for others who can reach them. Where the
 * file system knows no such permissions nothing is checked.
 */
public final class TrustedFiles {
  private static final Path THIS_USERS = Path.of("/proc/self");

  private TrustedFiles() {}

  /** Those who aren't the owner, by what they may do. */
  private enum Others {
    GROUP(PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE),
    ALL(PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

    private final PosixFilePermission write;
    private final PosixFilePermission reach;

    Others(PosixFilePermission write, PosixFilePermission reach) {
      this.write = write;
      this.reach = reach;
    }
  }

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
    Deque<Path> above = new ArrayDeque<>();
    for (Path each = file.getParent();
        each != null && each.startsWith(root);
        each = each.getParent()) {
      above.push(each);
    }
    try {
      Set<Others> reached = EnumSet.allOf(Others.class);
      for (Path each : above) {
        reached = checkOne(each, reached);
      }
      checkAll(file, reached);
    } catch (IOException e) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          "Who may write '" + file + "' can't be seen: " + IoReason.of(e, file) + ".",
          e);
    }
  }

  private static void checkAll(Path file, Set<Others> reached) throws IOException {
    Set<Others> below = checkOne(file, reached);
    if (Files.isDirectory(file)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(file)) {
        for (Path each : all) {
          checkAll(each, below);
        }
      }
    }
  }

  /** Returns who of those who reach a file, or folder, reach what is in it. */
  private static Set<Others> checkOne(Path path, Set<Others> reached) throws IOException {
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
    Set<PosixFilePermission> permissions = attributes.permissions();
    if (reached.stream().anyMatch(each -> permissions.contains(each.write))) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          "'"
              + path
              + "' can be written by other users, so code there isn't executed. Make sure that it"
              + " is what you put there, and run 'chmod -R go-w "
              + path
              + "'.");
    }
    Set<Others> further =
        reached.isEmpty() ? EnumSet.noneOf(Others.class) : EnumSet.copyOf(reached);
    further.removeIf(each -> !permissions.contains(each.reach));
    return further;
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
