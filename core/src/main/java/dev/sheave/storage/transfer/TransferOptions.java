package dev.sheave.storage.transfer;

import java.time.Duration;

/**
 * How a tree is moved.
 *
 * @param prune whether files that an earlier put wrote and this tree doesn't have are removed (puts
 *     only)
 * @param concurrency how many files are moved at once at most; 0 lets the transfer find out
 * @param patience how long a get waits for a put that is under way before it refuses what is there
 * @param listener hears of the progress
 */
public record TransferOptions(
    boolean prune, int concurrency, Duration patience, TransferListener listener) {
  /** How long a get waits by default. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(30);

  /** Prunes, finds its own concurrency, waits half a minute, and says nothing. */
  public static final TransferOptions DEFAULTS =
      new TransferOptions(true, 0, DEFAULT_PATIENCE, TransferListener.NONE);

  /** These options with a listener. */
  public TransferOptions withListener(TransferListener other) {
    return new TransferOptions(prune, concurrency, patience, other);
  }

  /** These options with or without pruning. */
  public TransferOptions withPrune(boolean other) {
    return new TransferOptions(other, concurrency, patience, listener);
  }

  /** These options with another number of files that are moved at once at most. */
  public TransferOptions withConcurrency(int other) {
    return new TransferOptions(prune, other, patience, listener);
  }

  /** These options with another patience. */
  public TransferOptions withPatience(Duration other) {
    return new TransferOptions(prune, concurrency, other, listener);
  }
}
