package dev.sheave.storage.backend;

import dev.sheave.SheaveException;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.LocalPaths;
import dev.sheave.internal.OwnedTemporary;
import dev.sheave.internal.PrivateFiles;
import dev.sheave.internal.PrivateKeyFile;
import dev.sheave.internal.Settings;
import dev.sheave.internal.TextFile;
import java.io.IOException;
import java.nio.file.Path;

/** Files of this machine that backends use: keys, lists of known hosts, caches. */
public final class LocalFiles {
  private LocalFiles() {}

  /**
   * Returns the path that a value of a block stands for, absolute; {@code ~} is the user's home.
   *
   * @throws SheaveException {@code INVALID} if it can't be a path here
   */
  public static Path path(String text) {
    return LocalPaths.of(text);
  }

  /**
   * Reads a file that people or other programs write: UTF-8, with or without a byte order mark,
   * which is no part of the text, of at most 64 MiB.
   *
   * @throws IOException if it can't be read, which {@link #reason} can put into a sentence
   */
  public static String read(Path file) throws IOException {
    return TextFile.read(file);
  }

  /**
   * Returns a key, a certificate or a list of known hosts as programs want it: without a byte order
   * mark and space around it, lines ended with LF, the last one too.
   */
  public static String normalized(String text) {
    return TextFile.normalized(text);
  }

  /** Says in a few words why a file can't be read or written. */
  public static String reason(IOException e, Path file) {
    return IoReason.of(e, file);
  }

  /**
   * Refuses a file with a key that others have access to, as ssh does.
   *
   * @param name names it in the message, without an article: {@code key file '/home/me/key'}
   * @throws SheaveException {@code PERMISSION_DENIED}
   */
  public static void checkKey(Path file, String name) {
    PrivateKeyFile.check(file, name);
  }

  /**
   * Returns whether a key that nobody named, such as {@code ~/.ssh/id_ed25519}, can be used. If
   * others have access to it, a warning is logged.
   */
  public static boolean isUsableKey(Path file) {
    return PrivateKeyFile.isUsable(file);
  }

  /** Returns the folder of a cache, {@code SHEAVE_HOME/cache/NAME}; it isn't created. */
  public static Path cache(String name) {
    return Settings.home(System.getenv()).resolve("cache").resolve(name);
  }

  /**
   * Creates a folder, and those above it, that only their owner can read; an existing one stays.
   */
  public static void createPrivateFolder(Path folder) throws IOException {
    PrivateFiles.createFolderIfMissing(folder);
  }

  /**
   * Returns the path of a new temporary file or folder, which isn't created. What processes that
   * have ended left under such names in the same folder is removed.
   *
   * @param folder that exists
   * @param prefix of the names, shared by those of one kind
   */
  public static Path temporary(Path folder, String prefix) throws IOException {
    OwnedTemporary.removeDead(folder, prefix);
    return folder.resolve(OwnedTemporary.name(prefix));
  }
}
