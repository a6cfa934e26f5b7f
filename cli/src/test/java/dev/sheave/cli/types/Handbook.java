package dev.sheave.cli.types;

import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.storage.LocalFileSystem;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferSummary;
import java.nio.file.Path;

/** Storage that can only be read. */
@BlockType(slug = "handbook", name = "Handbook", description = "Pages that others wrote.")
public final class Handbook extends Block implements ReadableStorage {
  final String shelf;

  Handbook(@BlockField(description = "The directory that it is in.") String shelf) {
    this.shelf = shelf;
  }

  private LocalFileSystem pages() {
    return LocalFileSystem.builder().basepath(shelf).build();
  }

  @Override
  public TransferSummary getDirectory(RelativePath from, Path directory, TransferOptions options) {
    return pages().getDirectory(from, directory, options);
  }

  @Override
  public String location(RelativePath path) {
    return pages().location(path);
  }
}
