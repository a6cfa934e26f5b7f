package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Options of a transfer.
 *
 * @param prune whether files that an earlier put wrote and this tree doesn't have are removed (puts
 *     only)
 * @param concurrency how many files are moved at once at most, up to 1,000; 0 lets the transfer
 *     adapt it
 * @param timeout how long a get waits for a put in progress before it fails, and how long a put is
 *     made again if others write to the same place (more by ten times what it takes); zero for one
 *     attempt
 * @param listener is notified of the progress
 * @param layout how the files lie in the store (puts only; a get sees it)
 * @param cache a directory in which gets of bundles keep the archives they fetched; null for no
 *     cache
 */
public record TransferOptions(
    boolean prune,
    int concurrency,
    Duration timeout,
    TransferListener listener,
    Layout layout,
    @Nullable Path cache) {
  /** How long a transfer waits by default. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /**
   * The default options: pruning, adaptive concurrency, a timeout of half a minute, no listener,
   * the existing layout, and no cache.
   */
  public static final TransferOptions DEFAULTS =
      new TransferOptions(true, 0, DEFAULT_TIMEOUT, TransferListener.NONE, Layout.KEEP, null);

  private static final int MAX_CONCURRENCY = 1_000;

  /**
   * Options of a transfer.
   *
   * @throws SheaveException {@code INVALID} if the concurrency isn't between 0 and 1,000
   */
  public TransferOptions {
    if (concurrency < 0 || concurrency > MAX_CONCURRENCY) {
      throw new SheaveException(
          Code.INVALID,
          "A transfer can't move "
              + concurrency
              + " files at once: set a number from 1 to 1,000, or 0 to let Sheave choose.");
    }
  }

  /** How files lie in a store. */
  public enum Layout {
    /** The layout of the last put to the place; plain if there was none. */
    KEEP,
    /** Each file is an object. */
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
   * These options with a cache: a directory that is created if it doesn't exist, and that any
   * number of processes may share. It doesn't grow above 2 GiB: the least recently used archives
   * are removed.
   */
  public TransferOptions withCache(@Nullable Path other) {
    return new TransferOptions(prune, concurrency, timeout, listener, layout, other);
  }
}
