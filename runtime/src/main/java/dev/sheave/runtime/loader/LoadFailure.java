package dev.sheave.runtime.loader;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.flow.Entrypoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** Explains in one sentence why a class can't be loaded. */
final class LoadFailure {
  /** The class file version of Java 1.0 is 44, and each release since adds one. */
  private static final int CLASS_FILE_VERSION_OFFSET = 44;

  private static final Pattern VERSION = Pattern.compile("class file version (\\d+)");

  private LoadFailure() {}

  static SheaveException explain(
      Entrypoint entrypoint, String className, Collection<Path> places, Throwable error) {
    if (error instanceof ClassNotFoundException) {
      return entrypoint.isSource()
          ? new SheaveException(
              Code.NOT_FOUND,
              "'"
                  + entrypoint.location()
                  + "' has no class '"
                  + className
                  + "'; a flow's class must be named like its file.")
          : new SheaveException(
              Code.NOT_FOUND,
              "The class '"
                  + className
                  + "' isn't in the directory, its classes/ or its jars."
                  + suggestion(className, places));
    }
    String text = Objects.requireNonNullElse(error.getMessage(), "");
    if (error instanceof UnsupportedClassVersionError) {
      return new SheaveException(
          Code.INVALID,
          "The class '"
              + className
              + "' or one it uses was compiled for "
              + javaVersion(text)
              + ", but this is Java "
              + Runtime.version().feature()
              + ": run it with a newer Java, or compile with --release "
              + Runtime.version().feature()
              + ".",
          error);
    }
    if (error instanceof NoClassDefFoundError && !text.contains(" ")) {
      return new SheaveException(
          Code.INVALID,
          "'"
              + entrypoint.location()
              + "' needs the class '"
              + text.replace('/', '.')
              + "', which wasn't found: put its jar into lib/.",
          error);
    }
    return new SheaveException(
        Code.INVALID, "'" + entrypoint.location() + "' can't be loaded: " + error + ".", error);
  }

  private static String javaVersion(String message) {
    Matcher matcher = VERSION.matcher(message);
    return matcher.find()
        ? "Java " + (Integer.parseInt(matcher.group(1)) - CLASS_FILE_VERSION_OFFSET)
        : "a newer Java";
  }

  /** A class of the same simple name in another package is the most likely suggestion. */
  private static String suggestion(String className, Collection<Path> places) {
    String file = className.substring(className.lastIndexOf('.') + 1) + ".class";
    TreeSet<String> found = new TreeSet<>();
    for (Path place : places) {
      try {
        if (Files.isDirectory(place)) {
          try (Stream<Path> files = Files.walk(place)) {
            files
                .filter(path -> path.endsWith(file))
                .map(path -> nameOf(place.relativize(path).toString()))
                // hidden folders are no packages
                .filter(name -> !name.contains("..") && !name.startsWith("."))
                .forEach(found::add);
          }
        } else if (Files.isRegularFile(place)) {
          try (JarFile jar = new JarFile(place.toFile())) {
            jar.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.equals(file) || name.endsWith("/" + file))
                .forEach(name -> found.add(nameOf(name)));
          }
        }
      } catch (IOException e) {
        // it only makes the message less helpful
      }
    }
    List<String> names = found.stream().filter(name -> !name.startsWith("classes.")).toList();
    return names.isEmpty() ? "" : " Did you mean '" + String.join("' or '", names) + "'?";
  }

  private static String nameOf(String file) {
    return file.substring(0, file.length() - ".class".length())
        .replace('/', '.')
        .replace('\\', '.');
  }
}
