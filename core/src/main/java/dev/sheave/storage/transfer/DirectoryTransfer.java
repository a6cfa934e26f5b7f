package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Moves directory trees to and from an {@link ObjectStore}: a get returns the tree that was put.
 *
 * <p>In the {@linkplain TransferOptions.Layout#PLAIN plain} layout each file is one object. While a
 * put is in progress, a marker is stored beside the files; when it is done, a manifest with their
 * sizes and SHA-256 digests. With these, a put sends only changed files and removes stale ones. A
 * get verifies what it returns, and never returns a mixture of two puts: it waits a while for a put
 * in progress, and then fails. A put that another one comes in the way of is made again, so that of
 * puts at the same time the last one's tree stays, whole. Files that another tool wrote, without a
 * manifest or after it, are returned as they are.
 *
 * <p>In the {@linkplain TransferOptions.Layout#BUNDLE bundle} layout the files are in one archive,
 * which the manifest names. A get sees either the old tree or the new one, even if puts die or run
 * at the same time. Replaced archives stay for at least an hour, for gets that are reading them;
 * the next put after that removes them. A get needs no option: the manifest tells the layout.
 *
 * <p>Costs in requests, for a listing of p pages: an unchanged put or get p + 1; a get of n files p
 * + 1 + n; a put of n files p + 5 + n (2 p + 4 + n in a store that doesn't return versions), and
 * one for each thousand stale files. For a bundle: an unchanged put p + 1; any other put 2 p + 3; a
 * get 2, and 1 if the archive is in the {@linkplain TransferOptions#withCache cache}.
 *
 * <p>Safe for use by several threads. The calling thread may be interrupted: then the transfer ends
 * with {@code INTERRUPTED}, and the next put repairs an unfinished one.
 */
public final class DirectoryTransfer {
  private final ObjectSource source;
  private final @Nullable StoreNames names;

  /**
   * A transfer to and from a store.
   *
   * @param source the store, which the caller closes; nothing can be put to one that isn't an
   *     {@link ObjectStore}
   */
  public DirectoryTransfer(ObjectSource source) {
    this.source = source;
    this.names = source instanceof ObjectStore store ? new StoreNames(store) : null;
  }

  /**
   * Fetches the files at a place into a directory; the directory isn't changed before all of them
   * are downloaded and verified. Other files in it stay; files that are up to date aren't touched.
   *
   * @param from the place in the store
   * @param directory created if it doesn't exist
   * @throws SheaveException {@code NOT_FOUND} if nothing was found at the place; {@code CONFLICT}
   *     if it holds an unfinished upload; {@code INVALID} if a name there can't be a file on this
   *     machine
   */
  public TransferSummary get(RelativePath from, Path directory, TransferOptions options) {
    return new Get(source, from, directory, options).run();
  }

  /**
   * Puts a tree at a place. A tree from which everything was ignored changes nothing.
   *
   * @param tree the files
   * @param to the place in the store
   * @throws SheaveException {@code CONFLICT} if other puts wrote to the same place again and again
   *     until the {@linkplain TransferOptions#timeout timeout}; {@code INVALID} if a file changes
   *     or disappears while it is read, if another tool's file is in the way, if the store doesn't
   *     distinguish two names, or if it is read-only
   */
  public TransferSummary put(FileTree tree, RelativePath to, TransferOptions options) {
    if (source instanceof ObjectStore store && names != null) {
      return new Put(store, names, tree, to, options).run();
    }
    throw new SheaveException(Code.INVALID, "'" + Get.location(source, to) + "' can only be read.");
  }

  /**
   * Lists the files at a place, in any order, without those that transfers keep for themselves and
   * the marks that other tools leave for folders.
   *
   * @param from the place in the store
   * @param sink receives the files; their names are relative to the store's location and not
   *     checked, so they may be hostile
   */
  public void list(RelativePath from, Consumer<ObjectSource.StoredObject> sink) {
    Listing.list(
        source,
        from,
        "",
        object -> {
          if (!ReservedNames.isReserved(object.name())
              && !FolderMarks.isMark(object.name(), object)) {
            sink.accept(object);
          }
        });
  }
}
