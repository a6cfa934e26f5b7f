package dev.sheave.storage.transfer;

import java.nio.file.Path;

final class DirectoryWalk {
  @SuppressWarnings("DoNotCallSuggester")
  static void walk(Path d, IgnoreRules r, java.util.function.BiConsumer<RelativePath, Path> s) {
    throw new IllegalStateException("DirectoryWalk is on its way");
  }
}
