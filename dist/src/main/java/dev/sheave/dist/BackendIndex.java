package dev.sheave.dist;

import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockTypeDescriptor;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** The lines that list a backend's block types, as its {@link BlockProvider} tells them. */
final class BackendIndex {

  private BackendIndex() {}

  /**
   * Asks the providers of a backend. Its libraries aren't visible to them: a provider that needs
   * one fails the build.
   *
   * @param jar the backend's own jar
   * @param folder where it will lie, relative to the index
   */
  static List<String> linesOf(Path jar, String folder) throws IOException {
    List<BlockTypeDescriptor> types = new ArrayList<>();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, BackendIndex.class.getClassLoader())) {
      for (BlockProvider provider : ServiceLoader.load(BlockProvider.class, loader)) {
        if (provider.getClass().getClassLoader() == loader) {
          types.addAll(provider.types());
        }
      }
    }
    if (types.isEmpty()) {
      throw new IOException("no block types in " + jar);
    }
    return types.stream()
        .sorted(Comparator.comparing(BlockTypeDescriptor::slug))
        .map(
            type ->
                String.join(
                        "\t",
                        type.slug(),
                        type.name(),
                        String.join(",", new TreeSet<>(type.capabilities())),
                        type.className(),
                        folder)
                    + "\n")
        .toList();
  }
}
