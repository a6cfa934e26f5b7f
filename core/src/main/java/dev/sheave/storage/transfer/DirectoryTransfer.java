package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import java.nio.file.Path;

/**
 * Moves directory trees to and from an {@link ObjectStore}: what was put at a place comes back from
 * it.
 *
 * <p>In the {@linkplain TransferOptions.Layout#PLAIN plain} layout the files lie there as they are.
 * While a put is under way a marker lies beside them; when it is done, a manifest with their sizes
 * and SHA-256 digests. By these a put sends only what changed and removes what is stale, and a get
 * proves what it hands out, and never hands out a mixture of two puts: it waits a while for one
 * that is under way, and then refuses. What another tool put there, without a manifest or after it,
 * is taken as it is.
 *
 * <p>In the {@linkplain TransferOptions.Layout#BUNDLE bundle} layout they are in one archive, and
 * the manifest names it: a get sees the old tree or the new one, whatever dies when and however
 * many put at once. Archives that were replaced stay for an hour at least, for gets that are
 * reading them; the next put after that removes them. A get needs no option: the manifest says
 * which layout it is.
 *
 * <p>What it costs, in requests, when the store lists in p pages: an unchanged put or get p + 1; a
 * get of n files p + 1 + n; a put of n files p + 5 + n (2 p + 4 + n in a store that doesn't say
 * what version it put), and one for each thousand that are stale. Of a bundle: an unchanged put p +
 * 1; another 2 p + 3; a get 2, and 1 if the archive is in the {@linkplain TransferOptions#withCache
 * cache}.
 *
 * <p>Safe for use by several threads. The calling thread may be interrupted: then the transfer ends
 * with {@code INTERRUPTED}, and the next put mends what a put left half done.
 */
public final class DirectoryTransfer {
  private final ObjectStore store;

  /**
   * A transfer to and from a store.
   *
   * @param store whose closing is the caller's
   */
  public DirectoryTransfer(ObjectStore store) {
    this.store = store;
  }

  /**
   * Fetches the files at a place into a directory; nothing is changed in it before all of them are
   * here and proven. What it has besides stays; files that are there already are left alone.
   *
   * @param from the place in the store
   * @param directory made if it is missing
   * @throws SheaveException {@code NOT_FOUND} if there is nothing at the place; {@code CONFLICT} if
   *     what is there is a torn upload; {@code INVALID} if a name there can't be a file here
   */
  public TransferSummary get(RelativePath from, Path directory, TransferOptions options) {
    return new Get(store, from, directory, options).run();
  }

  /**
   * Puts a tree at a place. A tree from which everything was ignored changes nothing.
   *
   * @param tree the files
   * @param to the place in the store
   * @throws SheaveException {@code CONFLICT} if another put to the same place got in between;
   *     {@code INVALID} if a file changes or goes while it is read, or if the store can only be
   *     read
   */
  public TransferSummary put(FileTree tree, RelativePath to, TransferOptions options) {
    return new Put(store, tree, to, options).run();
  }
}
