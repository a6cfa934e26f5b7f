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
   * Fetches the files below a path into a directory of this machine, each at its place relative to
   * the path. What is in the directory besides stays.
   *
   * @param from where in the storage; {@link RelativePath#ROOT} for all of it
   * @param directory made if it is missing
   * @param options how
   * @return what was done
   * @throws dev.sheave.SheaveException {@code NOT_FOUND} if there is nothing at the path; {@code
   *     CONFLICT} if what is there is a torn upload; see {@link
   *     dev.sheave.storage.transfer.ObjectStore} for the rest
   */
  TransferSummary getDirectory(RelativePath from, Path directory, TransferOptions options);

  /**
   * Returns where a path of this storage is, as people write it: {@code s3://bucket/folder/path}.
   */
  String location(RelativePath path);

  /**
   * Tries what this storage lets its user do: to connect, and as far as it can do that, to list,
   * and to write, read and delete a file of its own, which is gone afterwards. Of storage that can
   * only be read nothing but that is tried: writing and deleting are no steps of it.
   *
   * @return what was tried and how it went; errors are in it, and not thrown
   * @throws dev.sheave.SheaveException {@code INTERRUPTED}; {@code INVALID} if the block's values
   *     can't describe a storage
   */
  default StorageCheck check() {
    return StorageProbe.ofReadable(this);
  }
}
