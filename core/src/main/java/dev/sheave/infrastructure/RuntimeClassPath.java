package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The class path of flow-run processes: the {@code lib} folder of the installation that {@code
 * SHEAVE_RUNTIME} names or that this class was loaded from; else, in a program that has Sheave
 * among its libraries, that program's own.
 */
final class RuntimeClassPath {
  /** The environment variable that names the {@code lib} folder of an installation. */
  static final String RUNTIME_VARIABLE = "SHEAVE_RUNTIME";

  private static final String MAIN_CLASS = "dev/sheave/runtime/FlowRunMain.class";

  private RuntimeClassPath() {}

  /**
   * Finds it.
   *
   * @param installation the value of {@code SHEAVE_RUNTIME}, or null
   * @throws SheaveException {@code UNSUPPORTED} if there is no class path that a new process could
   *     use
   */
  static String find(@Nullable String installation) {
    if (installation != null && !installation.isBlank()) {
      return jarsOf(Path.of(installation))
          .orElseThrow(
              () ->
                  new SheaveException(
                      Code.UNSUPPORTED,
                      "The folder '"
                          + installation
                          + "', to which "
                          + RUNTIME_VARIABLE
                          + " is set, has no sheave-runtime-….jar; set it to the lib folder of an installation."));
    }
    return placeOfThisClass()
        .map(Path::getParent)
        .flatMap(RuntimeClassPath::jarsOf)
        .orElseGet(RuntimeClassPath::ofThisProgram);
  }

  private static Optional<String> jarsOf(Path folder) {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
      found.forEach(jars::add);
    } catch (IOException e) {
      return Optional.empty(); // no folder, no installation
    }
    boolean isInstallation =
        jars.stream().anyMatch(jar -> jar.getFileName().toString().startsWith("sheave-runtime-"));
    return isInstallation
        ? Optional.of(
            jars.stream()
                .sorted() // the class data archive depends on the order
                .map(jar -> jar.toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator)))
        : Optional.empty();
  }

  private static Optional<Path> placeOfThisClass() {
    CodeSource source = RuntimeClassPath.class.getProtectionDomain().getCodeSource();
    try {
      return source == null ? Optional.empty() : Optional.of(Path.of(source.getLocation().toURI()));
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      return Optional.empty(); // it is no plain file
    }
  }

  private static String ofThisProgram() {
    ClassLoader loader = RuntimeClassPath.class.getClassLoader();
    URL runtime = loader.getResource(MAIN_CLASS);
    if (runtime == null) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          "Flow runs can't be started in processes from here: dev.sheave:sheave-runtime isn't on"
              + " the class path of this program. Add it, or set "
              + RUNTIME_VARIABLE
              + " to the lib folder of an installation.");
    }
    if (placeOfThisClass().isEmpty() || isNested(runtime)) {
      throw packed(runtime);
    }
    if (loader == ClassLoader.getSystemClassLoader()) {
      return absolute(
          System.getProperty("java.class.path")
              + File.pathSeparator
              + System.getProperty("jdk.module.path", ""));
    }
    if (loader instanceof URLClassLoader withUrls) {
      return ofUrls(withUrls, runtime);
    }
    throw packed(runtime);
  }

  private static boolean isNested(URL url) {
    String text = url.toString();
    return !text.startsWith("file:")
        && (!text.startsWith("jar:file:") || text.indexOf("!/") != text.lastIndexOf("!/"));
  }

  private static String absolute(String classPath) {
    return Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(classPath)
        .filter(entry -> !entry.isEmpty())
        .map(entry -> new File(entry).getAbsolutePath())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String ofUrls(URLClassLoader loader, URL runtime) {
    List<String> places = new ArrayList<>();
    for (URL url : loader.getURLs()) {
      try {
        places.add(Path.of(url.toURI()).toString());
      } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
        throw packed(runtime);
      }
    }
    return String.join(File.pathSeparator, places);
  }

  private static SheaveException packed(URL runtime) {
    return new SheaveException(
        Code.UNSUPPORTED,
        "Flow runs can't be started in processes from here: Sheave's jars aren't plain files that"
            + " a new process could load ("
            + runtime
            + "). Start this program from plain jars, or"
            + " set "
            + RUNTIME_VARIABLE
            + " to the lib folder of an installation.");
  }
}
