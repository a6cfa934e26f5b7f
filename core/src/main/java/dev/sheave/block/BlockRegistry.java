package dev.sheave.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.internal.ClassSchema;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.Backends;
import dev.sheave.internal.MissingModule;
import dev.sheave.internal.Suggestions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The block types of this program, by slug. Immutable; safe for use by several threads. */
public final class BlockRegistry {
  private final Map<String, Entry> bySlug;

  /** The modules that have the types, each once, in the order they were found. */
  private final Map<String, BlockModule> modules = new LinkedHashMap<>();

  private final List<String> problems;

  private BlockRegistry(Collection<Entry> entries, List<String> problems) {
    this.bySlug = new TreeMap<>();
    this.problems = List.copyOf(problems);
    for (Entry entry : entries) {
      bySlug.put(entry.descriptor.slug(), entry);
      modules.putIfAbsent(entry.module.source(), entry.module);
    }
  }

  /** Starts a registry. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Finds the block types of this program: those of a class loader's {@link BlockProvider}s, of the
   * backends of an installation, and of the plugins in a home folder.
   *
   * @param loader the class loader of the providers
   * @param home {@code SHEAVE_HOME}, whose plugins are the jars in its folder {@code plugins}
   * @throws SheaveException {@code CONFLICT} if two modules define the same slug; a plugin whose
   *     class is also on the class path or in a backend is left out
   */
  public static BlockRegistry discover(ClassLoader loader, Path home) {
    return BlockDiscovery.discover(
        Arguments.notNull(loader, "loader"), Arguments.notNull(home, "home"));
  }

  /** The types, by slug. */
  public Collection<BlockTypeDescriptor> types() {
    List<BlockTypeDescriptor> types = new ArrayList<>();
    bySlug.values().forEach(entry -> types.add(entry.descriptor));
    return types;
  }

  /**
   * The plugins and other modules whose types couldn't be read: for each a sentence that says where
   * it is, why, and what to do.
   */
  public List<String> problems() {
    return problems;
  }

  /** Finds a type. */
  public Optional<BlockTypeDescriptor> find(String slug) {
    return Optional.ofNullable(bySlug.get(slug)).map(entry -> entry.descriptor);
  }

  /**
   * Loads the class of a type.
   *
   * @throws SheaveException {@code UNSUPPORTED} if the type isn't installed or its class can't be
   *     loaded
   */
  public Class<? extends Block> blockClass(String slug) {
    Entry entry = bySlug.get(slug);
    if (entry == null) {
      throw new SheaveException(Code.UNSUPPORTED, missing(slug));
    }
    return entry.load();
  }

  /** Says of a block that isn't there that its type isn't either. */
  String missingToo(String slug) {
    return Backends.of(slug).isPresent()
        ? missing(slug)
        : "The block type '"
            + slug
            + "' doesn't exist either."
            + Suggestions.hint(slug, bySlug.keySet());
  }

  /** Says that a type isn't there, and where it is. */
  private String missing(String slug) {
    return "The block type '"
        + slug
        + "' isn't installed; "
        + Backends.of(slug)
            .map(
                backend ->
                    MissingModule.remedy(
                            backend.artifact(),
                            backend.module(),
                            "it is in dev.sheave:" + backend.artifact())
                        + ".")
            .orElseGet(() -> remedy() + Suggestions.hint(slug, bySlug.keySet()));
  }

  private String remedy() {
    return problems.isEmpty()
        ? "add a jar that lists it in META-INF/services/"
            + BlockProvider.class.getName()
            + " to the class path or to SHEAVE_HOME/plugins."
        : "it may be among those that couldn't be read. " + String.join(" ", problems);
  }

  /**
   * Returns this registry as seen by code with its own class loader. The types that the loader
   * itself defines come first, and the classes of all others are looked up in it first too, so that
   * a block always has the class that the code refers to.
   */
  public BlockRegistry seenBy(ClassLoader code) {
    Map<String, Entry> seen = new LinkedHashMap<>();
    bySlug.forEach((slug, entry) -> seen.put(slug, new Entry(entry, code)));
    BlockRegistry own = BlockDiscovery.discoverOwn(code);
    seen.putAll(own.bySlug);
    List<String> all = new ArrayList<>(problems);
    all.addAll(own.problems);
    return new BlockRegistry(seen.values(), all);
  }

  /**
   * Finds a class in the modules that define the block types, for code that doesn't bring it. In an
   * installation's backends, only Sheave's own classes are found.
   */
  public Optional<Class<?>> findClass(String className) {
    // a backend has many jars, which are opened only if the class must be there
    return Stream.concat(
            bySlug.values().stream()
                .filter(entry -> entry.packageName().equals(packageOf(className)))
                .map(entry -> entry.module),
            modules.values().stream().filter(module -> !module.isBackend()))
        .flatMap(module -> module.find(className).stream())
        .findFirst();
  }

  private static String packageOf(String className) {
    return className.substring(0, Math.max(0, className.lastIndexOf('.')));
  }

  /** The jars and class folders whose classes {@link #findClass} finds, to compile against. */
  public List<Path> jars() {
    List<Path> jars = new ArrayList<>();
    modules.values().forEach(module -> jars.addAll(module.visibleJars()));
    return jars;
  }

  /** A type and the module of its class. */
  private static final class Entry {
    private final BlockTypeDescriptor descriptor;
    private final BlockModule module;
    private final @Nullable ClassLoader seenBy;
    private volatile @Nullable Class<? extends Block> loaded;

    Entry(BlockTypeDescriptor descriptor, BlockModule module) {
      this.descriptor = descriptor;
      this.module = module;
      this.seenBy = null;
    }

    Entry(Entry original, ClassLoader seenBy) {
      this.descriptor = original.descriptor;
      this.module = original.module;
      this.seenBy = seenBy;
    }

    String packageName() {
      return packageOf(descriptor.className());
    }

    Class<? extends Block> load() {
      Class<? extends Block> found = loaded;
      if (found == null) {
        try {
          found = find().asSubclass(Block.class);
        } catch (ClassNotFoundException e) {
          throw broken("there is no class " + descriptor.className(), e);
        } catch (ClassCastException e) {
          throw broken(descriptor.className() + " doesn't extend Block", e);
        } catch (NoClassDefFoundError e) {
          String missing = Objects.requireNonNullElse(e.getMessage(), "").replace('/', '.');
          throw broken("it needs the class " + missing + ", which can't be found", e);
        } catch (LinkageError e) {
          throw broken(Objects.requireNonNullElse(e.getMessage(), "its class is damaged"), e);
        }
        loaded = found;
      }
      return found;
    }

    private SheaveException broken(String why, Throwable cause) {
      return new SheaveException(
          Code.UNSUPPORTED,
          "The block type '"
              + descriptor.slug()
              + "' of "
              + module.source()
              + " can't be loaded: "
              + why
              + ".",
          cause);
    }

    private Class<?> find() throws ClassNotFoundException {
      if (seenBy != null) {
        try {
          return Class.forName(descriptor.className(), true, seenBy);
        } catch (ClassNotFoundException e) {
          // only its module has it
        }
      }
      return Class.forName(descriptor.className(), true, module.loader());
    }
  }

  /** Builds a registry. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, Entry> bySlug = new LinkedHashMap<>();

    private final List<String> problems = new ArrayList<>();

    private Builder() {}

    /**
     * Adds a type.
     *
     * @throws SheaveException {@code CONFLICT} if another type has the same slug
     */
    Builder add(BlockTypeDescriptor descriptor, BlockModule module) {
      Entry other = bySlug.get(descriptor.slug());
      if (other != null
          && !(other.module.source().equals(module.source())
              && other.descriptor.className().equals(descriptor.className()))) {
        throw new SheaveException(
            Code.CONFLICT,
            other.module.source().equals(module.source())
                ? "In "
                    + module.source()
                    + ", two classes define the block type '"
                    + descriptor.slug()
                    + "': "
                    + other.descriptor.className()
                    + " and "
                    + descriptor.className()
                    + "."
                : "Both "
                    + other.module.source()
                    + " and "
                    + module.source()
                    + " define the block type '"
                    + descriptor.slug()
                    + "'; remove one of them.");
      }
      bySlug.put(descriptor.slug(), new Entry(descriptor, module));
      return this;
    }

    /**
     * Adds the types of a provider.
     *
     * @throws SheaveException {@code CONFLICT} if another type has the same slug
     */
    public Builder add(BlockProvider provider) {
      BlockModule module = BlockModule.of(provider.getClass());
      provider.types().forEach(type -> add(type, module));
      return this;
    }

    /** Adds a block class of this program. */
    public Builder add(Class<? extends Block> type) {
      BlockType described = ClassSchema.typeOf(type);
      return add(
          new BlockTypeDescriptor(
              described.slug(), described.name(), BlockSchema.capabilitiesOf(type), type.getName()),
          BlockModule.of(type));
    }

    /** Adds a sentence on a module whose types can't be read. */
    void addProblem(String problem) {
      problems.add(problem);
    }

    /** Returns the registry. */
    public BlockRegistry build() {
      return new BlockRegistry(bySlug.values(), problems);
    }
  }
}
