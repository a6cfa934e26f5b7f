package dev.sheave.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the block types of this program: those of a class loader's {@link BlockProvider}s, those of
 * the backends of an installation, and those of the jars in {@code SHEAVE_HOME/plugins}.
 *
 * <p>Which types were found, and which were skipped and why, is logged at debug level. A broken
 * module doesn't hide the others.
 */
public final class BlockDiscovery {
  /** The system property that names the folder of an installation's backends. */
  public static final String BACKENDS_PROPERTY = "sheave.backends";

  /**
   * The file in the backends' folder that lists their types, one a line: slug, name, capabilities
   * separated by commas, class, and the folder with its jars, separated by tabs. With it, no jar
   * has to be opened to list the types.
   */
  public static final String INDEX = "index.tsv";

  private static final Logger LOG = LoggerFactory.getLogger(BlockDiscovery.class);

  private final BlockRegistry.Builder registry = BlockRegistry.builder();

  private BlockDiscovery() {}

  /**
   * Finds the block types.
   *
   * @param loader the class loader of the providers
   * @param home {@code SHEAVE_HOME}
   * @throws SheaveException {@code CONFLICT} if two modules define the same slug
   */
  public static BlockRegistry discover(ClassLoader loader, Path home) {
    BlockDiscovery discovery = new BlockDiscovery();
    discovery.addProviders(loader, null);
    String backends = System.getProperty(BACKENDS_PROPERTY);
    if (backends != null) {
      discovery.addIndexed(Path.of(backends));
    }
    discovery.addPlugins(home.resolve("plugins"));
    return discovery.registry.build();
  }

  /**
   * Adds the types of a class loader's providers.
   *
   * @param parent a parent whose providers were added before and are visible through this loader
   * @return whether there were any providers
   */
  private boolean addProviders(ClassLoader loader, @Nullable ClassLoader parent) {
    boolean any = false;
    Iterator<ServiceLoader.Provider<BlockProvider>> providers =
        ServiceLoader.load(BlockProvider.class, loader).stream().iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          return any;
        }
        ServiceLoader.Provider<BlockProvider> found = providers.next();
        if (parent == null || found.type().getClassLoader() != parent) {
          any = true;
          addTypes(found);
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        any = true;
        LOG.debug("A module with block types was left out: {}", e.toString());
      }
    }
  }

  private void addTypes(ServiceLoader.Provider<BlockProvider> found) {
    String source = sourceOf(found.type());
    List<BlockTypeDescriptor> types;
    try {
      types = found.get().types();
    } catch (RuntimeException e) {
      // third-party code may throw anything
      LOG.debug("The block types of {} were left out: {}", source, e.toString());
      return;
    }
    ClassLoader own = found.type().getClassLoader();
    for (BlockTypeDescriptor type : types) {
      add(type, () -> own == null ? ClassLoader.getSystemClassLoader() : own, source);
    }
  }

  private void add(BlockTypeDescriptor type, Supplier<ClassLoader> loader, String source) {
    registry.add(type, loader, source);
    LOG.debug("The block type '{}' was found in {}", type.slug(), source);
  }

  private static String sourceOf(Class<?> type) {
    try {
      var source = type.getProtectionDomain().getCodeSource();
      return source == null ? type.getName() : Path.of(source.getLocation().toURI()).toString();
    } catch (URISyntaxException | IllegalArgumentException e) {
      return type.getName();
    }
  }

  private void addIndexed(Path backends) {
    Path index = backends.resolve(INDEX);
    List<String> lines;
    try {
      lines = Files.readAllLines(index);
    } catch (IOException e) {
      throw new SheaveException(
          Code.INTERNAL,
          "The installation's list of backends, '"
              + index
              + "', can't be read; install Sheave"
              + " again.",
          e);
    }
    for (String line : lines) {
      List<String> cells = List.of(line.split("\t", -1));
      if (cells.size() != 5) {
        throw new SheaveException(
            Code.INTERNAL,
            "The installation's list of backends, '"
                + index
                + "', is damaged; install Sheave again.");
      }
      Path folder = backends.resolve(cells.get(4));
      add(
          new BlockTypeDescriptor(
              cells.get(0), cells.get(1), capabilities(cells.get(2)), cells.get(3)),
          new FolderLoader(folder),
          folder.toString());
    }
  }

  private static Set<String> capabilities(String cell) {
    return cell.isEmpty() ? Set.of() : new TreeSet<>(Arrays.asList(cell.split(",")));
  }

  /** Each jar is a plugin, and so is each folder of jars. */
  private void addPlugins(Path plugins) {
    if (!Files.isDirectory(plugins)) {
      return;
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(plugins)) {
      entries.forEach(found::add);
    } catch (IOException e) {
      LOG.debug("The plugins in {} were left out: {}", plugins, e.toString());
      return;
    }
    Collections.sort(found);
    ClassLoader parent = BlockDiscovery.class.getClassLoader();
    for (Path plugin : found) {
      if (!Files.isDirectory(plugin) && !plugin.toString().endsWith(".jar")) {
        LOG.debug("{} was left out: it is neither a jar nor a folder of jars", plugin);
        continue;
      }
      ClassLoader loader;
      try {
        loader = new FolderLoader(plugin).get();
      } catch (SheaveException e) {
        LOG.debug("{} was left out: {}", plugin, e.getMessage());
        continue;
      }
      if (!addProviders(loader, parent)) {
        LOG.debug(
            "{} was left out: {}",
            plugin,
            damage(plugin).orElse("no jar there names a " + BlockProvider.class.getName()));
      }
    }
  }

  /** A class loader silently ignores files that aren't jars. */
  private static Optional<String> damage(Path plugin) {
    if (Files.isDirectory(plugin)) {
      return Optional.empty();
    }
    try (JarFile jar = new JarFile(plugin.toFile())) {
      return jar.size() > 0 ? Optional.empty() : Optional.of("it is empty");
    } catch (IOException e) {
      return Optional.of("it can't be opened: " + IoReason.of(e, plugin));
    }
  }

  /**
   * Opens a jar, or the jars of a folder, when a class of theirs is needed, and keeps them open.
   */
  private static final class FolderLoader implements Supplier<ClassLoader> {
    private final Path place;
    private @Nullable ClassLoader opened;

    FolderLoader(Path place) {
      this.place = place;
    }

    @Override
    public synchronized ClassLoader get() {
      ClassLoader loader = opened;
      if (loader == null) {
        loader = new URLClassLoader(urls(), BlockDiscovery.class.getClassLoader());
        opened = loader;
      }
      return loader;
    }

    private URL[] urls() {
      List<URL> urls = new ArrayList<>();
      try {
        if (!Files.isDirectory(place)) {
          return new URL[] {place.toUri().toURL()};
        }
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(place, "*.jar")) {
          entries.forEach(jars::add);
        }
        Collections.sort(jars);
        for (Path jar : jars) {
          urls.add(jar.toUri().toURL());
        }
      } catch (MalformedURLException e) {
        throw new IllegalStateException("a path always has a URL", e);
      } catch (IOException e) {
        throw new SheaveException(
            Code.UNSUPPORTED,
            "The jars in '" + place + "' can't be read: " + IoReason.of(e, place) + ".",
            e);
      }
      return urls.toArray(URL[]::new);
    }
  }
}
