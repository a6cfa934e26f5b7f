package dev.sheave.storage.transfer;

/**
 * Receives the progress of a transfer. Called from several threads; keep it short. An exception
 * thrown here ends the transfer.
 */
public interface TransferListener {
  /** Ignores all events. */
  TransferListener NONE = new TransferListener() {};

  /**
   * Called when the files to move are known.
   *
   * @param files how many files
   * @param bytes how many bytes they have together
   */
  default void planned(int files, long bytes) {}

  /**
   * Called when some bytes of a file were moved.
   *
   * @param path the file
   * @param bytes how many since the last call for this file
   */
  default void moved(RelativePath path, long bytes) {}

  /** Called when a file was moved completely. */
  default void finished(RelativePath path) {}

  /**
   * Called with a warning that doesn't stop the transfer.
   *
   * @param message one sentence
   */
  default void warning(String message) {}
}
