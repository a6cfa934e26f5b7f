package dev.sheave.storage;

import dev.sheave.block.Capability;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferSummary;

/** Storage that flow code can be put to: the capability {@code put-directory}. */
@Capability("put-directory")
public interface WritableStorage extends ReadableStorage {

  /**
   * Uploads a tree to a path, from which {@link #getDirectory} downloads it.
   *
   * @param tree the files
   * @param to where in the storage
   * @param options the options of the transfer
   * @return the number and size of the files
   * @throws dev.sheave.SheaveException see {@link dev.sheave.storage.transfer.ObjectStore}; wrong
   *     credentials or a missing bucket are found before anything is written
   */
  TransferSummary putDirectory(FileTree tree, RelativePath to, TransferOptions options);
}
