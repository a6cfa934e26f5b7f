package dev.sheave.orchestrator.internal.secret;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a process knows: one, or two during a rotation. The database says which of them
 * documents are written with. If a key isn't known, the key file is read again, since another
 * process may have added it. Safe for use by several threads.
 */
public final class KeyRing {
  private final Map<String, EncryptionKey> known = new ConcurrentHashMap<>();
  private final @Nullable KeyFile file;
  private final Supplier<List<EncryptionKey>> reading;
  private final String source;

  private KeyRing(@Nullable KeyFile file, Supplier<List<EncryptionKey>> reading, String source) {
    this.file = file;
    this.reading = reading;
    this.source = source;
    read();
  }

  /** Reads keys from a string, separated by blanks, the newest first. */
  public static KeyRing given(Secret text) {
    String source = "The encryption key that is set (by SHEAVE_ENCRYPTION_KEY or the program)";
    List<EncryptionKey> keys = parse(text.reveal(), source);
    return new KeyRing(null, () -> keys, source);
  }

  /** The keys in the home folder's file. */
  public static KeyRing ofFile(Path home) {
    KeyFile file = new KeyFile(home);
    return new KeyRing(file, file::read, file.source());
  }

  /** The keys in the home folder's file, which is created with a new key if it doesn't exist. */
  public static KeyRing ofFileOrNew(Path home) {
    new KeyFile(home).createIfMissing();
    return ofFile(home);
  }

  /** Reads keys, at least one. */
  static List<EncryptionKey> parse(String text, String source) {
    if (text.isBlank()) {
      throw EncryptionKey.malformed(source);
    }
    List<EncryptionKey> keys = new ArrayList<>();
    for (String each : text.strip().split("\\s+")) {
      keys.add(EncryptionKey.parse(each, source));
    }
    return keys;
  }

  private List<EncryptionKey> read() {
    List<EncryptionKey> keys = reading.get();
    keys.forEach(key -> known.putIfAbsent(key.id(), key));
    return keys;
  }

  /** Returns the key that a new database begins with. */
  public EncryptionKey newest() {
    return read().get(0);
  }

  /** Returns a key if it is known by now. */
  Optional<EncryptionKey> find(String id) {
    if (!known.containsKey(id)) {
      read();
    }
    return Optional.ofNullable(known.get(id));
  }

  /**
   * Returns the key that something is encrypted with.
   *
   * @param what names it
   * @throws SheaveException {@code PERMISSION_DENIED} if the key isn't known
   */
  public EncryptionKey key(String id, String what) {
    return find(id)
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.PERMISSION_DENIED,
                    source
                        + " isn't the one that "
                        + what
                        + " was encrypted with. "
                        + (file == null
                            ? "Set the right one."
                            : "Put the right key there, or set it in SHEAVE_ENCRYPTION_KEY.")));
  }

  /** Whether the keys are in a file, which rotating changes. */
  public boolean isInFile() {
    return file != null;
  }

  /**
   * The keys of a rotation.
   *
   * @param newKey the key that documents are moved to
   * @param oldKeys the ids of the keys that are no longer needed afterwards
   * @param isResumed whether it continues an interrupted rotation
   */
  public record Succession(EncryptionKey newKey, Set<String> oldKeys, boolean isResumed) {}

  /**
   * Begins a rotation, or continues an interrupted one.
   *
   * @param current the id of the key that documents are written with
   * @throws SheaveException {@code INVALID} if the key was set outside the key file and no new one
   *     is set
   */
  public Succession begin(String current) {
    List<EncryptionKey> before = read();
    if (file != null) {
      file.addNew();
    } else if (before.size() == 1) {
      throw new SheaveException(
          Code.INVALID,
          "The encryption key is set in SHEAVE_ENCRYPTION_KEY; set the new one in"
              + " SHEAVE_NEW_ENCRYPTION_KEY. 'openssl rand -base64 32' prints a key.");
    }
    List<EncryptionKey> keys = read();
    Set<String> old = new HashSet<>();
    keys.subList(1, keys.size()).forEach(key -> old.add(key.id()));
    boolean isResumed = file != null ? before.size() > 1 : current.equals(keys.get(0).id());
    return new Succession(keys.get(0), old, isResumed);
  }

  /** Ends a rotation: the key file forgets the old keys. */
  public void end(Succession succession) {
    if (file != null) {
      file.remove(succession.oldKeys());
    }
  }

  /** Names the keys' source, never a key. */
  @Override
  public String toString() {
    return source;
  }
}
