package dev.sheave.server;

import dev.sheave.Sheave;
import dev.sheave.block.BlockTypeDescriptor;
import java.util.Set;
import java.util.stream.Collectors;

/** The block types of the class path. */
final class OwnBlockTypes {

  private OwnBlockTypes() {}

  /** Registers those that aren't registered; the texts of those that are may be others'. */
  static void register(Sheave sheave) {
    Set<String> missing =
        sheave.blocks().registry().types().stream()
            .map(BlockTypeDescriptor::slug)
            .filter(slug -> sheave.api().blocks().findBlockType(slug).isEmpty())
            .collect(Collectors.toSet());
    if (!missing.isEmpty()) {
      sheave.blocks().register(missing);
    }
  }
}
