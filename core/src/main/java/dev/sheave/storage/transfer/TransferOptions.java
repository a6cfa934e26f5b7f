package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a tree is moved.
 *
 * @param prune whether files that an earlier put wrote and this tree doesn't have are removed (puts
 *     only)
 * @param concurrency how many files are moved at once at most, up to 1,000; 0 lets the transfer
 *     find out
 * @param patience how long a get waits for a put that is under way before it refuses what is there
 * @param listener hears of the progress
 * @param layout how the files lie in the store (puts only; a get sees it)
 * @param cache a directory in which gets of bundles keep the archives they fetched; null for none
 */
public record TransferOptions(
    boolean prune,
    int concurrency,
    Duration patience,
    TransferListener listener,
    Layout layout,
    @Nullable Path cache) {
  /** How long a get waits by default. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(30);

  /**
   * Prunes, finds its own concurrency, waits half a minute, says nothing, keeps the layout that is
   * there, and has no cache.
   */
  public static final TransferOptions DEFAULTS =
      new TransferOptions(true, 0, DEFAULT_PATIENCE, TransferListener.NONE, Layout.AS_IT_IS, null);

  private static final int MOST_AT_ONCE = 1_000;

  /**
   * How a tree is moved.
   *
   * @throws SheaveException {@code INVALID} if the concurrency isn't one of 0 to 1,000
   */
  public TransferOptions {
    if (concurrency < 0 || concurrency > MOST_AT_ONCE) {
      throw new SheaveException(
          Code.INVALID,
          "A transfer can't move "
              + concurrency
              + " files at once: give a number up to 1,000, or 0 to let it find out.");
    }
  }

  /** How files lie in a store. */
  public enum Layout {
    /** As the last put to the place left them; plain if there was none. */
    AS_IT_IS,
    /** As they are: each is an object. */
    PLAIN,
    /** All in one archive: far fewer requests, and a put that dies leaves the old tree whole. */
    BUNDLE
  }

  /** These options with a listener. */
  public TransferOptions withListener(TransferListener other) {
    return new TransferOptions(prune, concurrency, patience, other, layout, cache);
  }

  /** These options with or without pruning. */
  public TransferOptions withPrune(boolean other) {
    return new TransferOptions(other, concurrency, patience, listener, layout, cache);
  }

  /** These options with another number of files that are moved at once at most. */
  public TransferOptions withConcurrency(int other) {
    return new TransferOptions(prune, other, patience, listener, layout, cache);
  }

  /** These options with another patience. */
  public TransferOptions withPatience(Duration other) {
    return new TransferOptions(prune, concurrency, other, listener, layout, cache);
  }

  /** These options with another layout. */
  public TransferOptions withLayout(Layout other) {
    return new TransferOptions(prune, concurrency, patience, listener, other, cache);
  }

  /**
   * These options with a cache: a directory that is made if it is missing, and that any number of
   * processes may share. It doesn't grow above 2 GiB: what wasn't used for longest goes first.
   */
  public TransferOptions withCache(@Nullable Path other) {
    return new TransferOptions(prune, concurrency, patience, listener, layout, other);
  }
}
