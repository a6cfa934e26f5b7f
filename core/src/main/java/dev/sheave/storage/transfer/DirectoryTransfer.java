package dev.sheave.storage.transfer;

import java.nio.file.Path;

public final class DirectoryTransfer {
  public DirectoryTransfer(ObjectStore s) {}

  @SuppressWarnings("DoNotCallSuggester")
  public TransferSummary get(RelativePath f, Path d, TransferOptions o) {
    throw new IllegalStateException("DirectoryTransfer is on its way");
  }

  @SuppressWarnings("DoNotCallSuggester")
  public TransferSummary put(FileTree f, RelativePath d, TransferOptions o) {
    throw new IllegalStateException("DirectoryTransfer is on its way");
  }
}
