package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.Blocks;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.transfer.RelativePath;

/**
 * A place in a storage block, written as {@code TYPE/NAME[/path]}.
 *
 * @param reference the block
 * @param path the place in it
 * @param isFolder whether it was written with a slash at its end, or is the storage's base
 */
record StoragePlace(String reference, RelativePath path, boolean isFolder) {

  /** Reads one. */
  static StoragePlace parse(String text) {
    int slash = text.indexOf('/');
    int second = slash < 0 ? -1 : text.indexOf('/', slash + 1);
    RelativePath path =
        second < 0 ? RelativePath.ROOT : RelativePath.of(text.substring(second + 1));
    return new StoragePlace(
        second < 0 ? text : text.substring(0, second), path, path.isRoot() || text.endsWith("/"));
  }

  /** Loads the storage block. */
  ReadableStorage storage(Blocks blocks) {
    return storage(blocks.load(reference));
  }

  /**
   * Returns a block as a storage block.
   *
   * @throws SheaveException {@code UNSUPPORTED} if it isn't one
   */
  static ReadableStorage storage(Block block) {
    if (block instanceof ReadableStorage storage) {
      return storage;
    }
    throw new SheaveException(
        Code.UNSUPPORTED,
        "The block '"
            + block.displayName()
            + "' lacks the 'get-directory' capability; 'sheave block ls --capability get-directory'"
            + " lists those that have it.");
  }
}
