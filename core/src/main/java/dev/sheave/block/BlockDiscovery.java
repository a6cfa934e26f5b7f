package dev.sheave.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Installation;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.TrustedFiles;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.jar.JarFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the block types of this program: those of a class loader's {@link BlockProvider}s, those of
 * the backends of an installation, and those of the jars in {@code SHEAVE_HOME/plugins}.
 *
 * <p>Which types were found, and which were skipped and why, is logged at debug level. A broken
 * module doesn't hide the others; the registry keeps what is wrong with it.
 */
final class BlockDiscovery {
  private static final Logger LOG = LoggerFactory.getLogger(BlockDiscovery.class);

  private static final String PROVIDERS = "META-INF/services/" + BlockProvider.class.getName();

  private final BlockRegistry.Builder registry = BlockRegistry.builder();

  /** The classes of the types that don't come from plugins, by slug. */
  private final Map<String, String> ownClasses = new HashMap<>();

  private BlockDiscovery() {}

  /** Finds the block types, see {@link BlockRegistry#discover}. */
  static BlockRegistry discover(ClassLoader loader, Path home) {
    BlockDiscovery discovery = new BlockDiscovery();
    discovery.addProviders(loader);
    String backends = System.getProperty(Installation.BACKENDS_PROPERTY);
    if (backends != null) {
      discovery.addIndexed(Path.of(backends));
    }
    discovery.addPlugins(home);
    return discovery.registry.build();
  }

  /**
   * Finds the types that a class loader itself defines, such as that of flow code.
   *
   * @throws SheaveException {@code CONFLICT} if two modules define the same slug
   */
  static BlockRegistry discoverOwn(ClassLoader loader) {
    BlockDiscovery discovery = new BlockDiscovery();
    if (loader instanceof URLClassLoader own && own.findResource(PROVIDERS) == null) {
      return discovery.registry.build(); // without a look at all other jars
    }
    discovery.addProviders(
        loader,
        "the flow's code",
        type ->
            type.getClassLoader() == loader ? Optional.of(BlockModule.of(type)) : Optional.empty());
    return discovery.registry.build();
  }

  private void addProviders(ClassLoader loader) {
    addProviders(loader, "the class path", type -> Optional.of(BlockModule.of(type)));
  }

  /**
   * Adds the types of a class loader's providers.
   *
   * @param place where they are, for messages
   * @param modules returns the module of a provider; empty to skip it
   * @return whether there were any providers
   */
  private boolean addProviders(
      ClassLoader loader, String place, Function<Class<?>, Optional<BlockModule>> modules) {
    boolean any = false;
    Iterator<ServiceLoader.Provider<BlockProvider>> providers =
        ServiceLoader.load(BlockProvider.class, loader).stream().iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          return any;
        }
        ServiceLoader.Provider<BlockProvider> found = providers.next();
        Optional<BlockModule> module = modules.apply(found.type());
        if (module.isPresent()) {
          any = true;
          addTypes(found, module.get());
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        any = true;
        leaveOut(place, reason(e));
      }
    }
  }

  private void addTypes(ServiceLoader.Provider<BlockProvider> found, BlockModule module) {
    List<BlockTypeDescriptor> types;
    try {
      List<BlockTypeDescriptor> given = found.get().types();
      if (given == null || given.stream().anyMatch(Objects::isNull)) {
        leaveOut(module.source(), found.type().getName() + ".types() returned null");
        return;
      }
      types = List.copyOf(given);
    } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
      // third-party code may throw anything
      leaveOut(module.source(), reason(e));
      return;
    }
    types.forEach(type -> add(type, module));
  }

  private void leaveOut(String source, String reason) {
    LOG.debug("{} was left out: {}", source, reason);
    registry.addProblem(
        "The block types of "
            + source
            + " were left out: "
            + reason.replaceAll("\\s+", " ").replaceAll("[.]$", "")
            + "; repair or remove it.");
  }

  private static String reason(Throwable e) {
    Throwable cause = e.getCause();
    String message = Objects.requireNonNullElse(e.getMessage(), e.toString());
    String reason =
        e instanceof ServiceConfigurationError
            ? message.replace(BlockProvider.class.getName() + ": ", "")
            : e instanceof SheaveException ? message : e.toString();
    return cause == null ? reason : reason + ": " + cause;
  }

  private void add(BlockTypeDescriptor type, BlockModule module) {
    if (type.className().equals(ownClasses.get(type.slug()))) {
      LOG.debug(
          "The block type '{}' of {} was left out: it is also on the class path",
          type.slug(),
          module.source());
      return;
    }
    registry.add(type, module);
    LOG.debug("The block type '{}' was found in {}", type.slug(), module.source());
  }

  private void addIndexed(Path backends) {
    Path index = backends.resolve(Installation.INDEX);
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
          BlockModule.backend(folder));
    }
  }

  private static Set<String> capabilities(String cell) {
    return cell.isEmpty() ? Set.of() : new TreeSet<>(Arrays.asList(cell.split(",")));
  }

  /** Each jar is a plugin, and so is each folder of jars. */
  private void addPlugins(Path home) {
    Path plugins = home.resolve("plugins");
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
    registry.build().types().forEach(type -> ownClasses.put(type.slug(), type.className()));
    for (Path plugin : found) {
      if (!Files.isDirectory(plugin) && !plugin.toString().endsWith(".jar")) {
        LOG.debug("{} was left out: it is neither a jar nor a folder of jars", plugin);
        continue;
      }
      BlockModule module = BlockModule.plugin(plugin);
      ClassLoader loader;
      try {
        TrustedFiles.check(home, plugin);
        loader = module.loader();
      } catch (SheaveException e) {
        if (e.code() == Code.PERMISSION_DENIED) {
          LOG.warn("The plugin '{}' was left out: {}", plugin, e.getMessage());
        } else {
          leaveOut(module.source(), reason(e));
        }
        continue;
      }
      if (!addProviders(
          loader,
          module.source(),
          type -> type.getClassLoader() == loader ? Optional.of(module) : Optional.empty())) {
        leaveOut(
            module.source(),
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
}
