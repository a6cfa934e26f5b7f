package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.BlockDiscovery;
import dev.sheave.flow.internal.ClassPath;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  /** The file that an installation's {@code lib} folder has, and that its launcher reads. */
  private static final String INSTALLATION_FILE = "class-path";

  private static final String MAIN_CLASS = "dev/sheave/runtime/FlowRunMain.class";

  private RuntimeClassPath() {}

  /**
   * Finds it.
   *
   * @param installation what {@code SHEAVE_RUNTIME} says, or null
   * @param home {@code SHEAVE_HOME}
   * @throws SheaveException {@code UNSUPPORTED} if there is none that a new process could use
   */
  static String find(@Nullable String installation, Path home) {
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
    return installationOfThisClass(home)
        .flatMap(RuntimeClassPath::jarsOf)
        .orElseGet(() -> ofThisProgram(home));
  }

  /**
   * Finds the folder of the backends that belong to an installation's libraries.
   *
   * @param installation what {@code SHEAVE_RUNTIME} says, or null
   */
  static Optional<String> backends(@Nullable String installation) {
    String own = System.getProperty(BlockDiscovery.BACKENDS_PROPERTY);
    if (installation == null || installation.isBlank()) {
      return Optional.ofNullable(own);
    }
    Path backends = Path.of(installation).toAbsolutePath().resolveSibling("backends");
    return Files.exists(backends.resolve(BlockDiscovery.INDEX))
        ? Optional.of(backends.toString())
        : Optional.ofNullable(own);
  }

  /** The folder of a program's own libraries looks much the same, but lacks the list. */
  private static Optional<Path> installationOfThisClass(Path home) {
    return Optional.ofNullable(ClassPath.entryOf(RuntimeClassPath.class, home).getParent())
        .filter(folder -> Files.isRegularFile(folder.resolve(INSTALLATION_FILE)));
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

  private static String ofThisProgram(Path home) {
    if (RuntimeClassPath.class.getClassLoader().getResource(MAIN_CLASS) == null) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          "Flow runs can't be started in processes from here: dev.sheave:sheave-runtime isn't on"
              + " the class path of this program. Add it, or set "
              + RUNTIME_VARIABLE
              + " to the lib folder of an installation.");
    }
    try {
      return ClassPath.ofProcess(RuntimeClassPath.class, home).stream()
          .map(Path::toString)
          .collect(Collectors.joining(File.pathSeparator));
    } catch (SheaveException e) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          "Flow runs can't be started in processes from here. "
              + e.getMessage()
              + " Or set "
              + RUNTIME_VARIABLE
              + " to the lib folder of an installation.",
          e);
    }
  }
}
