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
import dev.sheave.internal.Folders;
import dev.sheave.internal.OwnedTemporary;
import dev.sheave.internal.Settings;
import dev.sheave.internal.Suggestions;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
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
  private final @Nullable Path cache;

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
    this.cache = cache;
  }

  /**
   * Sources that were compiled.
   *
   * @param classes where their classes are; in a cache, its name tells all that they were made of
   * @param temporary the classes' folder if it isn't kept
   */
  record Compiled(
      Path base, SourceFile source, List<Path> libraries, Path classes, @Nullable Path temporary) {}

  @Override
  public LoadedFlow load(Path directory, Entrypoint entrypoint, BlockRegistry types) {
    if (entrypoint.isSource()) {
      return load(compile(directory, entrypoint, types), entrypoint, types);
    }
    Path base = existing(directory);
    return reading(entrypoint, () -> fromClasses(base, entrypoint, types));
  }

  private interface Reading<T> {
    T get() throws IOException;
  }

  private static <T> T reading(Entrypoint entrypoint, Reading<T> code) {
    try {
      return code.get();
    } catch (IOException e) {
      throw new SheaveException(
          Code.INTERNAL, "The flow '" + entrypoint + "' could not be read: " + e + ".", e);
    }
  }

  private static Path existing(Path directory) {
    Path base = directory.toAbsolutePath().normalize();
    if (!Files.isDirectory(base)) {
      throw new SheaveException(Code.NOT_FOUND, "The directory '" + directory + "' doesn't exist.");
    }
    return base;
  }

  /** Compiles the sources of a flow, as the first step of {@link #load}. */
  Compiled compile(Path directory, Entrypoint entrypoint, BlockRegistry types) {
    Path base = existing(directory);
    return reading(entrypoint, () -> compileIn(base, entrypoint, types));
  }

  private Compiled compileIn(Path base, Entrypoint entrypoint, BlockRegistry types)
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
    return new Compiled(base, source, libraries, classes, temporary);
  }

  /** Loads a flow whose sources were compiled, as the second step of {@link #load}. */
  static LoadedFlow load(Compiled code, Entrypoint entrypoint, BlockRegistry types) {
    Set<Path> places =
        new LinkedHashSet<>(List.of(code.classes(), code.source().root(), code.base()));
    places.addAll(code.libraries());
    LoadedFlow flow = load(entrypoint, code.source().className(), places, types, code.temporary());
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
