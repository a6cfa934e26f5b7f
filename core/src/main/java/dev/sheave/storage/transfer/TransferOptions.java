package dev.sheave.storage.transfer;

/**
 * How a tree is moved.
 *
 * @param prune whether files that an earlier put wrote and this tree doesn't have are removed (puts
 *     only)
 * @param concurrency how many files are moved at once at most; 0 lets the transfer find out
 * @param listener hears of the progress
 */
public record TransferOptions(boolean prune, int concurrency, TransferListener listener) {
  /** Prunes, finds its own concurrency, and says nothing. */
  public static final TransferOptions DEFAULTS =
      new TransferOptions(true, 0, TransferListener.NONE);

  /** These options with a listener. */
  public TransferOptions withListener(TransferListener other) {
    return new TransferOptions(prune, concurrency, other);
  }

  /** These options with or without pruning. */
  public TransferOptions withPrune(boolean other) {
    return new TransferOptions(other, concurrency, listener);
  }
}
