package dev.sheave.orchestrator.internal.secret;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.PrivateFiles;
import dev.sheave.orchestrator.internal.file.AtomicFile;
import dev.sheave.orchestrator.internal.file.ProcessLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The file in the home folder that holds the encryption key if none is set. During a rotation it
 * also holds the old key, in the line below. Processes change it one at a time; a reader sees it as
 * it is before or after a change.
 */
final class KeyFile {
  /** Its name. */
  static final String NAME = "encryption.key";

  private final Path home;
  private final Path path;

  KeyFile(Path home) {
    this.home = home;
    this.path = home.resolve(NAME);
  }

  /** Where its keys are from, to start a sentence with. */
  String source() {
    return "The encryption key in " + path;
  }

  /** Reads the keys, the newest first; at least one. */
  List<EncryptionKey> read() {
    try {
      return KeyRing.parse(Files.readString(path), source());
    } catch (NoSuchFileException e) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          "The encryption key is missing: the file "
              + path
              + " doesn't exist. Put it back, or set the key in SHEAVE_ENCRYPTION_KEY.",
          e);
    } catch (IOException e) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          source() + " can't be read: " + IoReason.of(e, path) + "; make the file readable.",
          e);
    }
  }

  /** Creates the file with a new key if it doesn't exist. */
  void createIfMissing() {
    if (Files.notExists(path)) {
      change(
          () -> {
            if (Files.notExists(path)) {
              write(List.of(EncryptionKey.random()));
            }
          });
    }
  }

  /** Adds a new key before the existing one; if there are two already, keeps them. */
  void addNew() {
    change(
        () -> {
          List<EncryptionKey> keys = new ArrayList<>(read());
          if (keys.size() == 1) {
            keys.add(0, EncryptionKey.random());
            write(keys);
          }
        });
  }

  /** Removes keys. */
  void remove(Set<String> ids) {
    change(
        () -> {
          List<EncryptionKey> keys = new ArrayList<>(read());
          if (keys.removeIf(key -> ids.contains(key.id()))) {
            write(keys);
          }
        });
  }

  private void change(ProcessLock.Guarded change) {
    try {
      PrivateFiles.createFolderIfMissing(home);
      ProcessLock.hold(path, change);
    } catch (IOException e) {
      throw new SheaveException(
          IoReason.isTemporary(e) ? Code.UNAVAILABLE : Code.PERMISSION_DENIED,
          "The encryption key can't be written to "
              + path
              + ": "
              + IoReason.of(e, path)
              + "; make the folder writable.",
          e);
    }
  }

  /** A key is safe on the disk before anything is encrypted with it. */
  private void write(List<EncryptionKey> keys) throws IOException {
    StringBuilder text = new StringBuilder();
    keys.forEach(key -> text.append(key.text()).append('\n'));
    Path unfinished = AtomicFile.unfinished(path);
    Files.deleteIfExists(unfinished);
    PrivateFiles.createFileIfMissing(unfinished);
    Files.writeString(unfinished, text);
    AtomicFile.finish(path);
  }
}
