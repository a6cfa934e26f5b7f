package dev.sheave.storage.transfer;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The interface that a storage implements from which objects can only be read: list and get objects
 * below one location, as streams. {@link DirectoryTransfer} builds on it.
 *
 * <p>Errors are {@link dev.sheave.SheaveException} whose message names the {@linkplain #location()
 * location} and the key: {@code NOT_FOUND} for a missing object or a missing bucket, {@code
 * PERMISSION_DENIED} for credentials that are missing, wrong or too weak, {@code UNAVAILABLE} for
 * an endpoint that doesn't respond or throttles, {@code INTERRUPTED} for a thread that was
 * interrupted. Retries are left to the vendor's client. Implementations are safe for use by many
 * threads at once.
 */
public interface ObjectSource extends AutoCloseable {

  /** Where it is, as people write it, without a slash at its end: {@code s3://bucket/folder}. */
  String location();

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
   * The directory of this machine in which the objects below a prefix lie as files, if that is how
   * this store keeps them. A transfer to or from that very directory moves nothing.
   */
  default Optional<Path> directory(RelativePath prefix) {
    return Optional.empty();
  }

  /** Releases the resources that this store alone holds; shared clients stay open. */
  @Override
  void close();

  /**
   * An object of a listing. Its name is as the store gives it: it may be hostile.
   *
   * @param name its key, relative to the store's location
   * @param size bytes
   * @param modified when it was written by the store's clock, if the store says
   * @param version a string that changes whenever the object does, such as an ETag, if the store
   *     has one
   * @param executable whether it is, if the store {@linkplain ObjectStore.Feature#EXECUTABLE_BIT
   *     keeps} that
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
}
