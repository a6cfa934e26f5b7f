package dev.sheave.runtime.loader;

import dev.sheave.block.BlockDiscovery;
import dev.sheave.block.BlockRegistry;
import dev.sheave.block.BlockTypeDescriptor;
import dev.sheave.block.Blocks;
import dev.sheave.internal.CurrentConnection;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The public classes of an installation's backends, such as {@code dev.sheave.storage.s3.S3}, for
 * flows that use them. They come from the class loaders that create blocks, so that the result of
 * {@code Block.load} is of the flow's class.
 */
final class BackendClasses {
  private BackendClasses() {}

  /** The jars that flows are compiled against. */
  static List<Path> jars() {
    String backends = System.getProperty(BlockDiscovery.BACKENDS_PROPERTY);
    return backends == null
        ? List.of()
        : Arrays.stream(files(new File(backends)))
            .flatMap(backend -> Arrays.stream(files(backend)))
            .filter(file -> file.getName().matches("sheave-.*\\.jar"))
            .sorted()
            .map(File::toPath)
            .toList();
  }

  private static File[] files(File folder) {
    return Objects.requireNonNullElse(folder.listFiles(), new File[0]);
  }

  /** Finds a class in a package that has a block type. */
  static Optional<Class<?>> find(String className) {
    if (System.getProperty(BlockDiscovery.BACKENDS_PROPERTY) == null) {
      return Optional.empty(); // then all block types are in the runtime's own class loader
    }
    BlockRegistry registry = CurrentConnection.service(Blocks.class).registry();
    return registry.types().stream()
        .filter(type -> packageOf(type.className()).equals(packageOf(className)))
        .findFirst()
        .map(type -> load(registry, type, className));
  }

  private static @Nullable Class<?> load(
      BlockRegistry registry, BlockTypeDescriptor type, String className) {
    try {
      return Class.forName(className, false, registry.blockClass(type.slug()).getClassLoader());
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  private static String packageOf(String className) {
    return className.substring(0, Math.max(0, className.lastIndexOf('.')));
  }
}
