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
 * All that a backend has to implement to keep files: list, get, put and delete of objects below one
 * place, on streams. {@link DirectoryTransfer} does the rest.
 *
 * <p>Errors are {@link dev.sheave.SheaveException} whose message names the {@linkplain #location()
 * location} and the key: {@code NOT_FOUND} for a missing object or a missing bucket, {@code
 * PERMISSION_DENIED} for credentials that are missing, wrong or too weak, {@code UNAVAILABLE} for
 * an endpoint that doesn't answer or throttles, {@code INTERRUPTED} for a thread that was
 * interrupted. Retries are the vendor's client's. Implementations are safe for use by many threads
 * at once.
 */
public interface ObjectStore extends AutoCloseable {

  /** Where it is, as people write it, without a slash at its end: {@code s3://bucket/folder}. */
  String location();

  /** What it can do beyond the plain operations. */
  Set<Feature> features();

  /**
   * Does nothing, unless it can only be read: then it throws, as {@link #put} and {@link #delete}
   * do. Nothing is asked of the server.
   *
   * @throws dev.sheave.SheaveException {@code INVALID}; it says that it can only be read
   */
  default void requireWritable() {}

  /**
   * Lists all objects below a prefix, in any order, page by page.
   *
   * <p>Blob stores match whole path parts: {@code a} finds {@code a/b}, neither {@code ab} nor
   * {@code a} itself. A prefix with nothing below it is no error; a missing bucket is.
   *
   * @param prefix where to look, {@link RelativePath#ROOT} for everything
   * @param sink takes what is found; its names are relative to {@link #location()}
   */
  void list(RelativePath prefix, Consumer<StoredObject> sink);

  /**
   * Lists those objects below a folder whose names, as seen from it, start with some letters, in
   * any order. This default lists all below the folder and leaves the others out; a store whose
   * server can do that lets it.
   *
   * @param folder where to look, {@link RelativePath#ROOT} for the top
   * @param start what names start with
   * @param sink takes what is found; its names are relative to {@link #location()}
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
   * @throws dev.sheave.SheaveException {@code NOT_FOUND} if there is none
   */
  InputStream get(RelativePath key);

  /**
   * Writes an object, over one that is there. It is there whole or not at all.
   *
   * @param condition what must hold; {@link Condition#NONE} unless {@link Feature#CONDITIONAL_PUT}
   *     is there
   * @return the {@linkplain StoredObject#version() version} that listings will give it, if the
   *     store says
   * @throws dev.sheave.SheaveException {@code CONFLICT} if the condition doesn't hold
   */
  Optional<String> put(RelativePath key, Content content, Condition condition);

  /**
   * Deletes objects; those that aren't there are no error. If some can't be deleted, the others may
   * or may not be.
   */
  void delete(Collection<RelativePath> keys);

  /**
   * The directory of this machine in which the objects below a prefix lie as files, if that is how
   * this store keeps them. A transfer to or from that very directory moves nothing.
   */
  default Optional<Path> directory(RelativePath prefix) {
    return Optional.empty();
  }

  /** Lets go of what this store alone holds; shared clients stay. */
  @Override
  void close();

  /** What a store may be able to do. */
  enum Feature {
    /** {@link Condition}s of a put are kept. */
    CONDITIONAL_PUT,
    /** Objects keep whether they are executable. */
    EXECUTABLE_BIT
  }

  /**
   * What must hold for a put.
   *
   * @param absent whether there must be no object of that key yet
   * @param version if not null, the {@linkplain StoredObject#version() version} that must be there
   */
  record Condition(boolean absent, @Nullable String version) {
    /** Nothing. */
    public static final Condition NONE = new Condition(false, null);

    /** There is no such object yet. */
    public static final Condition ABSENT = new Condition(true, null);

    /** The object of this version is still the one that is there. */
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
   * @param version what changes whenever the object does, such as an ETag, if the store says
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
   * What a put writes: it may be opened more than once, since clients try again.
   *
   * <p>If it can't be read it says so by a {@link dev.sheave.SheaveException}, which a store lets
   * through.
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
