package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.BlockTypeDescriptor;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.internal.Suggestions;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** The block types and capabilities that this program or the store knows, used to check names. */
final class KnownTypes {
  private final Sheave sheave;

  KnownTypes(Sheave sheave) {
    this.sheave = sheave;
  }

  /**
   * Checks that types are known here or to the store.
   *
   * @throws SheaveException {@code NOT_FOUND}, with the nearest, for one that isn't
   */
  void checkTypes(Collection<String> slugs) {
    for (String slug : slugs) {
      if (sheave.blocks().registry().find(slug).isEmpty()
          && sheave.blocks().findType(slug).isEmpty()) {
        throw unknownType(slug);
      }
    }
  }

  /** Warns of plugins that couldn't be read. */
  void warnOfProblems(Terminal terminal) {
    for (String problem : sheave.blocks().registry().problems()) {
      terminal.complain(terminal.in(Colour.WARNING, "Warning: " + problem));
    }
  }

  /** The error for a type that isn't known, with the nearest that is. */
  SheaveException unknownType(String slug) {
    Set<String> known = new TreeSet<>();
    sheave.blocks().registry().types().forEach(type -> known.add(type.slug()));
    ViewCommand.readAll(page -> sheave.api().blocks().listBlockTypes(Set.of(), page))
        .forEach(type -> known.add(type.slug()));
    return new SheaveException(
        Code.NOT_FOUND,
        "The block type '" + slug + "' doesn't exist." + Suggestions.hint(slug, known));
  }

  /**
   * Checks that some type has each of the capabilities.
   *
   * @throws SheaveException {@code NOT_FOUND}, with the nearest, for one that none has
   */
  void checkCapabilities(Collection<String> capabilities) {
    if (capabilities.isEmpty()) {
      return;
    }
    Set<String> known = new TreeSet<>(sheave.api().blocks().listCapabilities());
    for (BlockTypeDescriptor type : sheave.blocks().registry().types()) {
      known.addAll(type.capabilities());
    }
    for (String capability : capabilities) {
      if (!known.contains(capability)) {
        throw new SheaveException(
            Code.NOT_FOUND,
            "No block type has the capability '"
                + capability
                + "'."
                + Suggestions.hint(capability, known));
      }
    }
  }
}
