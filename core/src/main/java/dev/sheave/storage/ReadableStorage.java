package dev.sheave.storage;

import dev.sheave.block.Capability;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferSummary;
import java.nio.file.Path;

/** Storage that flow code can be fetched from: the capability {@code get-directory}. */
@Capability("get-directory")
public interface ReadableStorage {

  /**
   * Downloads the files below a path into a directory of this machine, keeping their relative
   * paths. Other files in the directory stay.
   *
   * @param from where in the storage; {@link RelativePath#ROOT} for all of it
   * @param directory created if it doesn't exist
   * @param options the options of the transfer
   * @return the number and size of the files
   * @throws dev.sheave.SheaveException {@code NOT_FOUND} if nothing was found at the path; {@code
   *     CONFLICT} if it holds an unfinished upload; see {@link
   *     dev.sheave.storage.transfer.ObjectStore} for the rest
   */
  TransferSummary getDirectory(RelativePath from, Path directory, TransferOptions options);

  /**
   * Returns where a path of this storage is, as people write it: {@code s3://bucket/folder/path}.
   */
  String location(RelativePath path);

  /**
   * Checks which operations this storage allows: connecting, listing, and writing, reading and
   * deleting a file of its own, which is removed afterwards. Operations that it doesn't support,
   * such as writing to read-only storage, aren't tried.
   *
   * @return the attempts and their outcomes; errors are contained in it, not thrown
   * @throws dev.sheave.SheaveException {@code INTERRUPTED}; {@code INVALID} if the block's values
   *     can't describe a storage
   */
  default StorageCheck check() {
    return StorageProbe.ofReadable(this);
  }
}
