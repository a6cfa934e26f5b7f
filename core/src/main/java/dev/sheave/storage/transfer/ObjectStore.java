package dev.sheave.storage.transfer;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The interface that a storage backend implements: list, get, put and delete objects below one
 * location, as streams. {@link DirectoryTransfer} builds on it.
 *
 * <p>Errors are {@link dev.sheave.SheaveException} whose message names the {@linkplain #location()
 * location} and the key: {@code NOT_FOUND} for a missing object or a missing bucket, {@code
 * PERMISSION_DENIED} for credentials that are missing, wrong or too weak, {@code UNAVAILABLE} for
 * an endpoint that doesn't respond or throttles, {@code INTERRUPTED} for a thread that was
 * interrupted. Retries are left to the vendor's client. Implementations are safe for use by many
 * threads at once.
 */
public interface ObjectStore extends AutoCloseable {

  /** Where it is, as people write it, without a slash at its end: {@code s3://bucket/folder}. */
  String location();

  /** The features beyond the basic operations. */
  Set<Feature> features();

  /**
   * Throws if this store is read-only, as {@link #put} and {@link #delete} do. No request is sent.
   *
   * @throws dev.sheave.SheaveException {@code INVALID} if it is read-only
   */
  default void requireWritable() {}

  /**
   * Lists all objects below a prefix, in any order, page by page. An entry whose name can't be a
   * {@link RelativePath} is passed on by that name, a folder without what is in it: it is up to the
   * receiver to leave it out.
   *
   * <p>Prefixes match whole path parts: {@code a} finds {@code a/b}, but neither {@code ab} nor
   * {@code a} itself. A prefix without objects isn't an error; a missing bucket is.
   *
   * @param prefix where to look, {@link RelativePath#ROOT} for everything
   * @param sink receives the objects; their names are relative to {@link #location()}
   */
  void list(RelativePath prefix, Consumer<StoredObject> sink);

  /**
   * Lists the objects below a folder whose names, relative to the folder, start with a prefix, in
   * any order. The default implementation lists the whole folder and filters; a store whose server
   * can filter overrides it.
   *
   * @param folder where to look, {@link RelativePath#ROOT} for the top
   * @param start the prefix of the names
   * @param sink receives the objects; their names are relative to {@link #location()}
   */
  default void list(RelativePath folder, String start, Consumer<StoredObject> sink) {
    String prefix = folder.isRoot() ? start : folder + "/" + start;
    list(
        folder,
        object -> {
          if (object.name().startsWith(prefix)) {
            sink.accept(object);
          }
        });
  }

  /**
   * Opens an object for reading. The caller closes the stream; closing one that wasn't read to its
   * end gives up the rest.
   *
   * @throws dev.sheave.SheaveException {@code NOT_FOUND} if it doesn't exist
   */
  InputStream get(RelativePath key);

  /**
   * Writes an object, replacing an existing one. The write is atomic: the object is complete or not
   * written at all. A folder of that name is no obstacle if no object is in it.
   *
   * @param condition the condition of the write; {@link Condition#NONE} unless the store has {@link
   *     Feature#CONDITIONAL_PUT}
   * @return the {@linkplain StoredObject#version() version} that listings will give it, if the
   *     store says
   * @throws dev.sheave.SheaveException {@code CONFLICT} if the condition doesn't hold
   */
  Optional<String> put(RelativePath key, Content content, Condition condition);

  /**
   * Deletes objects; missing ones are ignored. If some can't be deleted, the others may or may not
   * be. Folders that are left empty go, too.
   */
  void delete(Collection<RelativePath> keys);

  /**
   * The directory of this machine in which the objects below a prefix lie as files, if that is how
   * this store keeps them. A transfer to or from that very directory moves nothing.
   */
  default Optional<Path> directory(RelativePath prefix) {
    return Optional.empty();
  }

  /** Releases the resources that this store alone holds; shared clients stay open. */
  @Override
  void close();

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
   * @param version if not null, the {@linkplain StoredObject#version() version} that the existing
   *     object must have
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
   * An object of a listing. Its name is as the store gives it: it may be hostile.
   *
   * @param name its key, relative to the store's location
   * @param size bytes
   * @param modified when it was written by the store's clock, if the store says
   * @param version a string that changes whenever the object does, such as an ETag, if the store
   *     has one
   * @param executable whether it is, if the store {@linkplain Feature#EXECUTABLE_BIT keeps} that
   */
  record StoredObject(
      String name,
      long size,
      @Nullable Instant modified,
      @Nullable String version,
      boolean executable) {

    /** An object of a store that doesn't keep whether it is executable. */
    public StoredObject(
        String name, long size, @Nullable Instant modified, @Nullable String version) {
      this(name, size, modified, version, false);
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
