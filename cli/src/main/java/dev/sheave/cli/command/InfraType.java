package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.BlockRegistry;
import dev.sheave.block.BlockSchema;
import dev.sheave.block.BlockTypeDescriptor;
import dev.sheave.block.Blocks;
import dev.sheave.infrastructure.Infrastructure;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An infrastructure type that a command names in place of a block. */
final class InfraType {
  private static final Set<String> CAPABILITIES = BlockSchema.capabilitiesOf(Infrastructure.class);

  private InfraType() {}

  /**
   * Returns a block of a type with its defaults.
   *
   * @throws SheaveException {@code INVALID} if the type isn't infrastructure; see {@link
   *     Blocks#create} for the rest
   */
  static Block withDefaults(Blocks blocks, String slug) {
    BlockRegistry registry = blocks.registry();
    if (registry.find(slug).filter(type -> !isInfrastructure(type)).isPresent()) {
      throw new SheaveException(
          Code.INVALID,
          "The block type '"
              + slug
              + "' isn't infrastructure: it lacks the 'run-infrastructure' capability; use "
              + registry.types().stream()
                  .filter(InfraType::isInfrastructure)
                  .map(BlockTypeDescriptor::slug)
                  .sorted()
                  .collect(Collectors.joining(", "))
              + ".");
    }
    return blocks.create(slug, Map.of());
  }

  private static boolean isInfrastructure(BlockTypeDescriptor type) {
    return type.capabilities().containsAll(CAPABILITIES);
  }
}
