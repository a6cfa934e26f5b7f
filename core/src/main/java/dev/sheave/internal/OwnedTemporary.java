package dev.sheave.internal;

import dev.sheave.internal.ProcessIdentity.Fate;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Temporary files and folders that are named after the process that makes them, so that the next
 * one removes what a dead one left. Those of other hosts are left alone.
 */
public final class OwnedTemporary {
  /** The length of a random id in a name. */
  private static final int ID_LENGTH = 36;

  private OwnedTemporary() {}

  /**
   * Returns a name that nobody else has: {@code PREFIX host~pid~start~id}.
   *
   * @param prefix is shared by names of one kind
   */
  public static String name(String prefix) {
    return prefix + ProcessIdentity.own().replace(':', '~') + "~" + UUID.randomUUID();
  }

  /**
   * Makes an empty file in the folder for temporary files, and removes what dead ones left there.
   */
  public static Path createFile(String prefix) throws IOException {
    return createFile(temporaryFolder(), prefix);
  }

  /** Makes an empty file that its owner alone can read, and removes what dead ones left beside. */
  public static Path createFile(Path folder, String prefix) throws IOException {
    removeDead(folder, prefix);
    Path file = folder.resolve(name(prefix));
    PrivateFiles.createFileIfMissing(file);
    return file;
  }

  /** Makes a folder in the one for temporary files, and removes what dead ones left there. */
  public static Path createFolder(String prefix) throws IOException {
    return createFolder(temporaryFolder(), prefix);
  }

  /** Makes a folder that its owner alone can read, and removes what dead ones left beside. */
  public static Path createFolder(Path folder, String prefix) throws IOException {
    removeDead(folder, prefix);
    Path made = folder.resolve(name(prefix));
    PrivateFiles.createFolderIfMissing(made);
    return made;
  }

  private static Path temporaryFolder() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** Removes what processes left that have ended, as far as that is allowed. */
  public static void removeDead(Path folder, String prefix) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, prefix + "*")) {
      for (Path each : all) {
        removeIfDead(each, prefix);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Removes a file or folder if the process that made it has ended. */
  public static void removeIfDead(Path path, String prefix) {
    // in a folder that others write to, what is somebody else's could become a link meanwhile
    if (fateOf(String.valueOf(path.getFileName()), prefix) == Fate.GONE
        && TrustedFiles.isThisUsers(path)) {
      Folders.delete(path);
    }
  }

  /** Looks what became of the process that made something of this name. */
  public static Fate fateOf(String name, String prefix) {
    int end = name.length() - ID_LENGTH - 1;
    return name.startsWith(prefix) && end > prefix.length()
        ? ProcessIdentity.fateOf(name.substring(prefix.length(), end).replace('~', ':'))
        : Fate.UNKNOWN;
  }
}
