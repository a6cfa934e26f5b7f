package dev.sheave.flow.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.TypeNames;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * The class path of this program, as the virtual machine sees it: jars (whatever their names) and
 * folders, in the order in which classes and resources are looked for. What the virtual machine
 * passes over isn't in it: what isn't there, and files that are no jars. What lies within an
 * archive, as in Spring Boot's, is unpacked.
 */
public final class ClassPath {
  private static final String SYSTEM_LOADER = "jdk.internal.loader.ClassLoaders$AppClassLoader";
  private static final String SOURCE_LAUNCHER = "com.sun.tools.javac.launcher.";

  private final Path home;
  private final Set<Path> entries = new LinkedHashSet<>();

  /** Archives that only contain entries. */
  private final Set<Path> containers = new LinkedHashSet<>();

  private ClassPath(Path home) {
    this.home = home;
  }

  /**
   * Lists the class path that a class of this program was loaded from.
   *
   * @param home {@code SHEAVE_HOME}; in its cache archives are unpacked
   * @throws SheaveException {@code UNSUPPORTED}, with what to do, if it can't be had by another
   *     process: the class is in a module, comes from a source file, or from a class loader that
   *     doesn't tell
   */
  public static List<Path> of(Class<?> type, Path home) {
    if (type.getClassLoader() != null
        && type.getClassLoader().getClass().getName().startsWith(SOURCE_LAUNCHER)) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          "The class "
              + TypeNames.of(type)
              + " was compiled in memory by 'java "
              + type.getSimpleName()
              + ".java', so there are no classes that a run could have; compile it with javac and"
              + " start it with 'java -cp', or deploy the file with buildFromDirectory.");
    }
    if (type.getModule().isNamed()) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          "The class "
              + TypeNames.of(type)
              + " is in the module "
              + type.getModule().getName()
              + ", and runs have a class path alone; start this program with its jars on the class"
              + " path ('java -cp'), not on the module path or in an image of jlink.");
    }
    return list(type, home, false);
  }

  /**
   * Lists all that a class of this program can see, for another process of the same program: the
   * class path, and the jars of a module path after it.
   *
   * @throws SheaveException {@code UNSUPPORTED} if it isn't in files
   */
  public static List<Path> ofProcess(Class<?> type, Path home) {
    return list(type, home, true);
  }

  private static List<Path> list(Class<?> type, Path home, boolean withModulePath) {
    ClassPath all = new ClassPath(home);
    all.addLoaders(type, withModulePath);
    all.entries.removeAll(all.containers);
    if (all.placeOf(type).filter(all.entries::contains).isEmpty()) {
      throw unknown(type, String.valueOf(sourceOf(type)));
    }
    return List.copyOf(all.entries);
  }

  /**
   * Returns the jar or folder that a class was loaded from.
   *
   * @throws SheaveException {@code UNSUPPORTED} if there is none
   */
  public static Path entryOf(Class<?> type, Path home) {
    return new ClassPath(home)
        .placeOf(type)
        .orElseThrow(() -> unknown(type, String.valueOf(sourceOf(type))));
  }

  /**
   * Returns the working directory if an empty element alone, such as that before the colon of
   * {@code :app.jar}, makes it a part of a class path.
   */
  public static Optional<Path> impliedDirectory(String classPath) {
    List<String> elements = List.of(classPath.split(File.pathSeparator, -1));
    boolean isNamed =
        elements.stream()
            .filter(element -> !element.isEmpty())
            .anyMatch(element -> real(Path.of(element)).equals(real(Path.of(""))));
    return elements.contains("") && !isNamed ? real(Path.of("")) : Optional.empty();
  }

  private static @Nullable URL sourceOf(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    return source == null ? null : source.getLocation();
  }

  private Optional<Path> placeOf(Class<?> type) {
    URL source = sourceOf(type);
    return source == null
        ? Optional.empty()
        : CodeLocation.of(source).map(this::unpacked).flatMap(ClassPath::real);
  }

  private void addLoaders(Class<?> type, boolean withModulePath) {
    Deque<ClassLoader> loaders = new ArrayDeque<>();
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    for (ClassLoader loader = type.getClassLoader();
        loader != null && loader != platform;
        loader = loader.getParent()) {
      loaders.addFirst(loader);
    }
    for (ClassLoader loader : loaders) {
      if (loader.getClass().getName().equals(SYSTEM_LOADER)) {
        addSystem(System.getProperty("java.class.path", ""));
        if (withModulePath) {
          addModules(System.getProperty("jdk.module.path", ""));
        }
      } else if (loader instanceof URLClassLoader withUrls) {
        for (URL url : withUrls.getURLs()) {
          add(url);
        }
      } else {
        throw unknown(type, loader.getClass().getName());
      }
    }
  }

  /** An empty element is the working directory. */
  private void addSystem(String classPath) {
    if (classPath.isEmpty() && System.getProperty("jdk.module.main") != null) {
      return;
    }
    for (String element : classPath.split(File.pathSeparator, -1)) {
      if (!element.isEmpty() || isWorkingDirectorySearched()) {
        real(Path.of(element)).ifPresent(this::add);
      }
    }
  }

  /** Surefire sets the property to the class path of its tests, and an empty element. */
  private static boolean isWorkingDirectorySearched() {
    Optional<Path> working = real(Path.of(""));
    try {
      for (URL folder : Collections.list(ClassLoader.getSystemClassLoader().getResources(""))) {
        if (CodeLocation.of(folder).flatMap(each -> real(each.file())).equals(working)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each element is a jar, the folder of a module, or a folder of both. */
  private void addModules(String modulePath) {
    for (String element : modulePath.split(File.pathSeparator, -1)) {
      Path place = Path.of(element);
      if (element.isEmpty() || !Files.isDirectory(place) || isModule(place)) {
        real(place).filter(each -> !element.isEmpty()).ifPresent(this::add);
        continue;
      }
      List<Path> modules = new ArrayList<>();
      try (DirectoryStream<Path> each = Files.newDirectoryStream(place)) {
        each.forEach(modules::add);
      } catch (IOException e) {
        continue; // as the virtual machine does
      }
      Collections.sort(modules);
      modules.stream()
          .filter(each -> !Files.isDirectory(each) || isModule(each))
          .forEach(each -> real(each).ifPresent(this::add));
    }
  }

  private static boolean isModule(Path folder) {
    return Files.exists(folder.resolve("module-info.class"));
  }

  private void add(URL url) {
    Optional<CodeLocation> location = CodeLocation.of(url);
    if (location.isPresent()) {
      Optional<Path> place = real(unpacked(location.get()));
      boolean isMeantSo =
          location.get().inner() != null
              || place.filter(Files::isDirectory).isPresent() == location.get().isFolder();
      place.filter(found -> isMeantSo).ifPresent(this::add);
    }
  }

  private Path unpacked(CodeLocation location) {
    String inner = location.inner();
    if (inner == null) {
      return location.file();
    }
    real(location.file()).ifPresent(containers::add);
    return UnpackedArchive.of(location.file(), home).resolve(inner);
  }

  /** Adds an entry, and after it what a jar's manifest adds. */
  private void add(Path entry) {
    if (entries.contains(entry)) {
      return;
    }
    if (Files.isDirectory(entry)) {
      entries.add(entry);
      return;
    }
    try (JarFile jar = new JarFile(entry.toFile())) {
      entries.add(entry);
      Manifest manifest = jar.getManifest();
      String more =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      if (more != null) {
        addFromManifest(entry, more);
      }
    } catch (IOException e) {
      // the virtual machine passes over files that are no jars, and manifests that are none
    }
  }

  private void addFromManifest(Path jar, String classPath) throws MalformedURLException {
    URL base = jar.toUri().toURL();
    for (String element : classPath.trim().split("\\s+")) {
      int colon = element.indexOf(':');
      if (!element.isEmpty()
          && (colon < 0 || element.substring(0, colon).equalsIgnoreCase("file"))) {
        try {
          add(new URL(base, element));
        } catch (MalformedURLException | InvalidPathException e) {
          // the virtual machine passes over it
        }
      }
    }
  }

  private static Optional<Path> real(Path path) {
    try {
      return Optional.of(path.toRealPath());
    } catch (IOException e) {
      return Optional.empty(); // it isn't there
    }
  }

  private static SheaveException unknown(Class<?> type, String where) {
    return new SheaveException(
        Code.UNSUPPORTED,
        "What "
            + TypeNames.of(type)
            + " was loaded from ("
            + where
            + ") isn't a jar or folder that another process could have on its class path; start this"
            + " program from plain jars or as a fat jar of Spring Boot's.");
  }
}
