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
 * @param timeout how long a get waits for a put that is under way before it refuses what is there
 * @param listener hears of the progress
 * @param layout how the files lie in the store (puts only; a get sees it)
 * @param cache a directory in which gets of bundles keep the archives they fetched; null for none
 */
public record TransferOptions(
    boolean prune,
    int concurrency,
    Duration timeout,
    TransferListener listener,
    Layout layout,
    @Nullable Path cache) {
  /** How long a get waits by default. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /**
   * Prunes, finds its own concurrency, waits half a minute, says nothing, keeps the layout that is
   * there, and has no cache.
   */
  public static final TransferOptions DEFAULTS =
      new TransferOptions(true, 0, DEFAULT_TIMEOUT, TransferListener.NONE, Layout.KEEP, null);

  private static final int MAX_CONCURRENCY = 1_000;

  /**
   * How a tree is moved.
   *
   * @throws SheaveException {@code INVALID} if the concurrency isn't one of 0 to 1,000
   */
  public TransferOptions {
    if (concurrency < 0 || concurrency > MAX_CONCURRENCY) {
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
    KEEP,
    /** As they are: each is an object. */
    PLAIN,
    /** All in one archive: far fewer requests, and a put that dies leaves the old tree whole. */
    BUNDLE
  }

  /** These options with a listener. */
  public TransferOptions withListener(TransferListener other) {
    return new TransferOptions(prune, concurrency, timeout, other, layout, cache);
  }

  /** These options with or without pruning. */
  public TransferOptions withPrune(boolean other) {
    return new TransferOptions(other, concurrency, timeout, listener, layout, cache);
  }

  /** These options with another number of files that are moved at once at most. */
  public TransferOptions withConcurrency(int other) {
    return new TransferOptions(prune, other, timeout, listener, layout, cache);
  }

  /** These options with another timeout. */
  public TransferOptions withTimeout(Duration other) {
    return new TransferOptions(prune, concurrency, other, listener, layout, cache);
  }

  /** These options with another layout. */
  public TransferOptions withLayout(Layout other) {
    return new TransferOptions(prune, concurrency, timeout, listener, other, cache);
  }

  /**
   * These options with a cache: a directory that is made if it is missing, and that any number of
   * processes may share. It doesn't grow above 2 GiB: what wasn't used for longest goes first.
   */
  public TransferOptions withCache(@Nullable Path other) {
    return new TransferOptions(prune, concurrency, timeout, listener, layout, other);
  }
}
