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
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A module that has block types, with the class loader of its classes, and what of it is visible to
 * the code of flows. Safe for use by several threads.
 */
final class BlockModule {
  private final String source;

  /** Null for a module in the class path. */
  private final @Nullable Path place;

  private final boolean isBackend;
  private @Nullable ClassLoader loader;

  private BlockModule(
      String source, @Nullable Path place, boolean isBackend, @Nullable ClassLoader loader) {
    this.source = source;
    this.place = place;
    this.isBackend = isBackend;
    this.loader = loader;
  }

  /** The jar or class folder of a class of this program. */
  static BlockModule of(Class<?> type) {
    Path file = placeOf(type);
    ClassLoader loader = type.getClassLoader();
    return new BlockModule(
        file == null ? type.getName() : file.toString(),
        null,
        false,
        loader == null ? ClassLoader.getSystemClassLoader() : loader);
  }

  /** A jar, or a folder of jars, all of which flows can use. */
  static BlockModule plugin(Path place) {
    return new BlockModule(place.toString(), place, false, null);
  }

  /** A folder of jars of an installation: flows can use Sheave's own, not the vendor's. */
  static BlockModule backend(Path folder) {
    return new BlockModule(folder.toString(), folder, true, null);
  }

  /** Whether flows can use only Sheave's own classes of it. */
  boolean isBackend() {
    return isBackend;
  }

  /** Where it is, for messages: a jar or a folder. */
  String source() {
    return source;
  }

  /**
   * Opens the module, if it isn't open yet; it stays open.
   *
   * @throws SheaveException {@code UNSUPPORTED} if it can't be read
   */
  synchronized ClassLoader loader() {
    ClassLoader opened = loader;
    if (opened == null) {
      opened =
          new URLClassLoader(
              jars().stream().map(BlockModule::url).toArray(URL[]::new),
              BlockModule.class.getClassLoader());
      loader = opened;
    }
    return opened;
  }

  /** Returns the jars and class folders that flows are compiled against. */
  List<Path> visibleJars() {
    return place == null
        ? Path.of(source).isAbsolute() && Files.exists(Path.of(source))
            ? List.of(Path.of(source))
            : List.of()
        : jars().stream().filter(this::isVisible).toList();
  }

  /** Finds a class of this module that flows can use. */
  Optional<Class<?>> find(String className) {
    try {
      Class<?> found = Class.forName(className, false, loader());
      Path file = placeOf(found);
      return found.getClassLoader() == loader() && file != null && isVisible(file)
          ? Optional.of(found)
          : Optional.empty();
    } catch (ClassNotFoundException | LinkageError | SheaveException e) {
      return Optional.empty();
    }
  }

  /** Of a module in the class path, only its own jar or class folder is. */
  private boolean isVisible(Path file) {
    return isBackend
        ? file.getFileName().toString().matches("sheave-.*\\.jar")
        : place != null || source.equals(file.toString());
  }

  private List<Path> jars() {
    Path where = Objects.requireNonNull(place);
    if (!Files.isDirectory(where)) {
      return List.of(where);
    }
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(where, "*.jar")) {
      entries.forEach(jars::add);
    } catch (IOException e) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          "The jars in '" + where + "' can't be read: " + IoReason.of(e, where) + ".",
          e);
    }
    Collections.sort(jars);
    return jars;
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("a path always has a URL", e);
    }
  }

  /** Returns the jar or class folder of a class; null if it is no plain file. */
  private static @Nullable Path placeOf(Class<?> type) {
    CodeSource code = type.getProtectionDomain().getCodeSource();
    try {
      return code == null ? null : Path.of(code.getLocation().toURI());
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      return null;
    }
  }
}
