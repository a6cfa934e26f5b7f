package dev.sheave.storage.transfer;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The interface that a storage backend implements: list, get, put and delete objects below one
 * location, as streams. Errors and use by threads are as {@link ObjectSource} says.
 */
public interface ObjectStore extends ObjectSource {

  /** The features beyond the basic operations. */
  Set<Feature> features();

  /**
   * Returns why no object can have a name, as the end of a sentence; empty if one can. A transfer
   * asks before it writes anything. No request is sent.
   */
  default Optional<String> refusalOf(RelativePath key) {
    return Optional.empty();
  }

  /**
   * Writes an object, replacing an existing one. The write is atomic: the object is complete or not
   * written at all. A folder of that name is no obstacle if no object is in it.
   *
   * @param condition the condition of the write; {@link Condition#NONE} unless the store has {@link
   *     Feature#CONDITIONAL_PUT}
   * @return the {@linkplain ObjectSource.StoredObject#version() version} that listings will give
   *     it, if the store says
   * @throws dev.sheave.SheaveException {@code CONFLICT} if the condition doesn't hold
   */
  Optional<String> put(RelativePath key, Content content, Condition condition);

  /**
   * Deletes objects; missing ones are ignored. If some can't be deleted, the others may or may not
   * be. Folders that are left empty go, too.
   */
  void delete(Collection<RelativePath> keys);

  /** An optional feature of a store. */
  enum Feature {
    /** {@link Condition}s of a put are honoured. */
    CONDITIONAL_PUT,
    /** Objects keep whether they are executable. */
    EXECUTABLE_BIT,
    /**
     * Objects are files in folders: a file can't have the name of a folder. Of other stores, a put
     * asks for that when it matters.
     */
    FOLDERS
  }

  /**
   * The condition of a put.
   *
   * @param absent whether the object must not exist yet
   * @param version if not null, the {@linkplain ObjectSource.StoredObject#version() version} that
   *     the existing object must have
   */
  record Condition(boolean absent, @Nullable String version) {
    /** Nothing. */
    public static final Condition NONE = new Condition(false, null);

    /** The object doesn't exist yet. */
    public static final Condition ABSENT = new Condition(true, null);

    /** The object still has this version. */
    public static Condition version(String version) {
      return new Condition(false, version);
    }
  }

  /**
   * The content that a put writes. It may be opened more than once, since clients retry.
   *
   * <p>If it can't be read, it throws a {@link dev.sheave.SheaveException}, which stores pass on.
   */
  interface Content {
    /** How many bytes it has. */
    long size();

    /** Opens it from its start. The caller closes the stream. */
    default InputStream open() {
      return openAt(0);
    }

    /** Opens it from an offset, in bytes. The caller closes the stream. */
    InputStream openAt(long offset);

    /** Whether it is executable, for stores that {@linkplain Feature#EXECUTABLE_BIT keep} that. */
    default boolean executable() {
      return false;
    }

    /**
     * A file of this machine.
     *
     * @throws dev.sheave.SheaveException {@code INVALID} if it can't be read
     */
    static Content of(Path file) {
      return FileContent.of(file);
    }

    /** Bytes in memory; the caller doesn't change them afterwards. */
    static Content of(byte[] bytes) {
      return new BytesContent(bytes);
    }
  }
}
