package dev.sheave.runtime.loader;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.BlockRegistry;
import dev.sheave.flow.Entrypoint;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.flow.FlowLoader;
import dev.sheave.flow.LoadedFlow;
import dev.sheave.flow.internal.ClassPathFile;
import dev.sheave.flow.internal.FlowMethods;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.Folders;
import dev.sheave.internal.OwnedTemporary;
import dev.sheave.internal.Settings;
import dev.sheave.internal.Suggestions;
import dev.sheave.runtime.internal.Shared;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads flows from source files and from classes.
 *
 * <p>A source file sees the sources of its source root (its folder less its package) and the jars
 * in {@code lib/}. A class is looked for on the class path that a program uploaded, or else in the
 * directory, in {@code classes/}, in the directory's jars and in those of {@code lib/}. What isn't
 * there is looked for in the modules of block types, such as plugins. Safe for use by several
 * threads.
 */
public final class DirectoryFlowLoader implements FlowLoader {
  /** How long classes stay loaded that are shared. */
  private static final Duration IDLE = Duration.ofSeconds(30);

  private static final Shared<SharedKey, SharedFlow> SHARED = new Shared<>(SharedFlow::close);

  private final @Nullable Path cache;
  private final boolean isSharing;

  /** Keeps compiled classes in {@code SHEAVE_HOME}. */
  public DirectoryFlowLoader() {
    this(Settings.home(System.getenv()).resolve("cache").resolve("classes"));
  }

  /**
   * Keeps compiled classes in a folder.
   *
   * @param cache the folder, made when needed; null to keep none
   */
  public DirectoryFlowLoader(@Nullable Path cache) {
    this(cache, false);
  }

  private DirectoryFlowLoader(@Nullable Path cache, boolean isSharing) {
    this.cache = cache;
    this.isSharing = isSharing;
  }

  /**
   * Keeps compiled classes in a folder, and lets flows of the same sources in the same place share
   * the classes that are loaded. They stay loaded for a while after the last use, and sources that
   * were changed are loaded anew.
   *
   * @param cache the folder, made when needed
   */
  public static DirectoryFlowLoader sharing(Path cache) {
    return new DirectoryFlowLoader(Arguments.notNull(cache, "cache"), true);
  }

  /**
   * A flow that is shared.
   *
   * @param classes the compiled classes, named by all they were made of
   */
  private record SharedKey(
      Path directory, Entrypoint entrypoint, Path classes, BlockRegistry types) {}

  /** A shared flow, with what is made of it once. */
  private record SharedFlow(LoadedFlow flow, BlockRegistry types) {
    static SharedFlow of(LoadedFlow flow) {
      try {
        return new SharedFlow(flow, flow.blockTypes());
      } catch (RuntimeException | Error e) {
        flow.close();
        throw e;
      }
    }

    void close() {
      flow.close();
    }
  }

  /** One of several that use a flow. */
  private record FlowUse(Shared.Use<SharedFlow> use) implements LoadedFlow {
    @Override
    public FlowDefinition definition() {
      return use.value().flow().definition();
    }

    @Override
    public BlockRegistry blockTypes() {
      return use.value().types();
    }

    @Override
    public void close() {
      use.close();
    }
  }

  @Override
  public LoadedFlow load(Path directory, Entrypoint entrypoint, BlockRegistry types) {
    Path base = directory.toAbsolutePath().normalize();
    if (!Files.isDirectory(base)) {
      throw new SheaveException(Code.NOT_FOUND, "The directory '" + directory + "' doesn't exist.");
    }
    try {
      return entrypoint.isSource()
          ? fromSource(base, entrypoint, types)
          : fromClasses(base, entrypoint, types);
    } catch (IOException e) {
      throw new SheaveException(
          Code.INTERNAL, "The flow '" + entrypoint + "' could not be read: " + e + ".", e);
    }
  }

  private LoadedFlow fromSource(Path base, Entrypoint entrypoint, BlockRegistry types)
      throws IOException {
    SourceFile source = SourceFile.of(base, sourceFile(base, entrypoint));
    List<Path> libraries = jars(base.resolve("lib"));
    List<Path> shared = SheaveJars.find(types);
    Path temporary = null;
    Path classes;
    if (cache == null) {
      temporary = OwnedTemporary.createFolder("sheave-classes-");
      classes = temporary;
      try {
        new SourceCompiler(base).compile(source, libraries, shared, classes);
      } catch (RuntimeException e) {
        Folders.delete(temporary);
        throw e;
      }
    } else {
      classes =
          new CompiledClasses(cache)
              .get(
                  source,
                  libraries,
                  shared,
                  target -> new SourceCompiler(base).compile(source, libraries, shared, target));
    }
    Set<Path> places = new LinkedHashSet<>(List.of(classes, source.root(), base));
    places.addAll(libraries);
    if (!isSharing) {
      return loadNamed(entrypoint, source.className(), places, types, temporary);
    }
    return new FlowUse(
        SHARED.use(
            new SharedKey(base, entrypoint, classes, types),
            IDLE,
            () -> SharedFlow.of(loadNamed(entrypoint, source.className(), places, types, null))));
  }

  private static LoadedFlow loadNamed(
      Entrypoint entrypoint,
      String className,
      Set<Path> places,
      BlockRegistry types,
      @Nullable Path temporary) {
    LoadedFlow flow = load(entrypoint, className, places, types, temporary);
    try {
      flow.definition().checkNameInFile();
      return flow;
    } catch (SheaveException e) {
      flow.close();
      throw e;
    }
  }

  private static Path sourceFile(Path base, Entrypoint entrypoint) {
    Path file;
    try {
      file = base.resolve(entrypoint.location()).normalize();
    } catch (InvalidPathException e) {
      throw new SheaveException(
          Code.INVALID, "'" + entrypoint.location() + "' can't be a file: " + e.getReason() + ".");
    }
    if (!file.startsWith(base)) {
      throw new SheaveException(
          Code.INVALID,
          "The flow's file '"
              + entrypoint.location()
              + "' is outside of '"
              + base
              + "'; only files inside it are deployed.");
    }
    if (!Files.isRegularFile(file)) {
      throw new SheaveException(
          Code.NOT_FOUND,
          "The file '"
              + entrypoint.location()
              + "' doesn't exist in '"
              + base
              + "'."
              + Suggestions.hint(file.getFileName().toString(), namesBeside(file)));
    }
    return file;
  }

  private static List<String> namesBeside(Path file) {
    String[] names = file.resolveSibling("").toFile().list();
    return names == null ? List.of() : List.of(names);
  }

  private static LoadedFlow fromClasses(Path base, Entrypoint entrypoint, BlockRegistry types)
      throws IOException {
    Set<Path> places = new LinkedHashSet<>();
    Optional<List<Path>> classPath = ClassPathFile.read(base);
    if (classPath.isPresent()) {
      places.addAll(classPath.get());
    } else {
      places.addAll(List.of(base, base.resolve("classes")));
      places.addAll(jars(base));
      places.addAll(jars(base.resolve("lib")));
    }
    return load(entrypoint, entrypoint.location(), places, types, null);
  }

  private static LoadedFlow load(
      Entrypoint entrypoint,
      String className,
      Set<Path> places,
      BlockRegistry types,
      @Nullable Path temporary) {
    FlowClassLoader loader =
        new FlowClassLoader(urls(places), DirectoryFlowLoader.class.getClassLoader(), types);
    LoadedClassFlow flow = null;
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try {
      // the definition's defaults are read, which may call constructors of the flow's classes
      thread.setContextClassLoader(loader);
      Class<?> type = classNamed(className, loader);
      flow =
          new LoadedClassFlow(
              FlowDefinition.of(
                  FlowMethods.find(type, entrypoint.method(), "'" + entrypoint.location() + "'")),
              loader,
              types,
              temporary);
      return flow;
    } catch (ClassNotFoundException | LinkageError e) {
      throw LoadFailure.explain(entrypoint, className, places, e);
    } finally {
      thread.setContextClassLoader(before);
      if (flow == null) {
        LoadedClassFlow.release(loader, temporary);
      }
    }
  }

  /** A nested class is named as in sources, {@code Outer.Nested}, or as Java does it. */
  private static Class<?> classNamed(String name, ClassLoader loader)
      throws ClassNotFoundException {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException e) {
      String nested = name;
      for (int dot = name.lastIndexOf('.'); dot > 0; dot = nested.lastIndexOf('.')) {
        nested = nested.substring(0, dot) + "$" + nested.substring(dot + 1);
        try {
          return Class.forName(nested, false, loader);
        } catch (ClassNotFoundException notNestedThere) {
          // one dot more may be between two classes
        }
      }
      throw e;
    }
  }

  private static List<Path> jars(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".jar") && Files.isRegularFile(file))
          .sorted()
          .toList();
    }
  }

  private static URL[] urls(Set<Path> places) {
    return places.stream()
        .filter(Files::exists)
        .map(DirectoryFlowLoader::urlOf)
        .toArray(URL[]::new);
  }

  private static URL urlOf(Path place) {
    try {
      return place.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e); // files have URLs
    }
  }
}
