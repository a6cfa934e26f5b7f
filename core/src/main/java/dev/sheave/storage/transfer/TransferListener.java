package dev.sheave.storage.transfer;

/**
 * Hears of a transfer's progress. Called from several threads; keep it short. An exception thrown
 * here ends the transfer.
 */
public interface TransferListener {
  /** Hears nothing. */
  TransferListener NONE = new TransferListener() {};

  /**
   * The transfer knows what it has to move.
   *
   * @param files how many files
   * @param bytes how many bytes they have together
   */
  default void planned(int files, long bytes) {}

  /**
   * Some bytes of a file were moved.
   *
   * @param path the file
   * @param bytes how many since the last call for this file
   */
  default void moved(RelativePath path, long bytes) {}

  /** A file was moved whole. */
  default void finished(RelativePath path) {}

  /**
   * There is something to know that doesn't stop the transfer.
   *
   * @param message one sentence
   */
  default void warning(String message) {}
}
