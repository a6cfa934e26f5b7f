package dev.sheave.runtime.loader;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.BlockRegistry;
import dev.sheave.flow.Flow;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.slf4j.Logger;

/** The jars, or class folders, that flow sources share with Sheave, and are compiled against. */
final class SheaveJars {
  private static final List<Class<?>> ONE_OF_EACH =
      List.of(Flow.class, Logger.class, NullMarked.class);

  private SheaveJars() {}

  /**
   * Finds them.
   *
   * @param types the block types that flows can use; their modules' jars are among them
   * @throws SheaveException {@code UNSUPPORTED} if they are packed into another archive
   */
  static List<Path> find(BlockRegistry types) {
    Set<Path> jars = new LinkedHashSet<>();
    ONE_OF_EACH.forEach(type -> jars.add(placeOf(type)));
    jars.addAll(types.jars());
    return List.copyOf(jars);
  }

  private static Path placeOf(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    try {
      if (source != null) {
        return Path.of(source.getLocation().toURI());
      }
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      // not a plain file: said below
    }
    throw new SheaveException(
        Code.UNSUPPORTED,
        "Flow sources can't be compiled here: the jar of "
            + type.getName()
            + " is packed into another jar"
            + (source == null ? "" : " (" + source.getLocation() + ")")
            + ". Put Sheave's jars on the class path as plain files, or deploy classes.");
  }
}
