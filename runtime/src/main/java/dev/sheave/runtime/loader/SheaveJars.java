package dev.sheave.runtime.loader;

import dev.sheave.SheaveException;
import dev.sheave.block.BlockRegistry;
import dev.sheave.flow.Flow;
import dev.sheave.flow.internal.ClassPath;
import dev.sheave.internal.Settings;
import java.nio.file.Path;
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
   * @throws SheaveException {@code UNSUPPORTED} if they can't be had as files
   */
  static List<Path> find(BlockRegistry types) {
    Set<Path> jars = new LinkedHashSet<>();
    ONE_OF_EACH.forEach(type -> jars.add(placeOf(type)));
    jars.addAll(types.jars());
    return List.copyOf(jars);
  }

  private static Path placeOf(Class<?> type) {
    return ClassPath.entryOf(type, Settings.home(System.getenv()));
  }
}
