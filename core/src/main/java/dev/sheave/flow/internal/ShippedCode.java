package dev.sheave.flow.internal;

import dev.sheave.internal.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * What every runtime has, so that it needn't go with a flow: Sheave's own jars and SLF4J's API. It
 * is known by its name and its content together; a jar that has some of it among other things is
 * the program's.
 */
final class ShippedCode {
  /** What the names of Sheave's own modules start with, in their jars' manifests. */
  static final Set<String> MODULES =
      Stream.concat(
              Stream.of(
                  "dev.sheave.core",
                  "dev.sheave.runtime",
                  "dev.sheave.agent",
                  "dev.sheave.orchestrator",
                  "dev.sheave.server",
                  "dev.sheave.cli"),
              Backends.ALL.stream().map(Backends.Backend::module))
          .collect(Collectors.toUnmodifiableSet());

  private static final String SHEAVE = "dev/sheave/";
  private static final String SLF4J = "org/slf4j/";

  /** The packages of Sheave that ship, for class folders in a build that isn't packaged. */
  private static final List<String> PACKAGES =
      List.of(
          "agent/",
          "api/",
          "block/",
          "cli/",
          "deployment/",
          "flow/",
          "infrastructure/",
          "internal/",
          "orchestrator/",
          "runtime/",
          "server/",
          "storage/");

  private ShippedCode() {}

  static boolean contains(Path entry) {
    try {
      return Files.isDirectory(entry) ? isOwnFolder(entry) : isOwnJar(entry);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isOwnJar(Path entry) throws IOException {
    try (JarFile jar = new JarFile(entry.toFile())) {
      String module = attribute(jar, "Automatic-Module-Name");
      if (module != null && MODULES.contains(module)) {
        return classes(jar).allMatch(name -> name.startsWith(SHEAVE));
      }
      return "slf4j.api".equals(attribute(jar, "Bundle-SymbolicName"))
          && classes(jar).allMatch(name -> name.startsWith(SLF4J));
    }
  }

  private static @Nullable String attribute(JarFile jar, String name) throws IOException {
    Manifest manifest = jar.getManifest();
    return manifest == null ? null : manifest.getMainAttributes().getValue(name);
  }

  private static Stream<String> classes(JarFile jar) {
    return jar.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
        .map(ClassNames::ofAnyRelease);
  }

  private static boolean isOwnFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder.resolve(SHEAVE))) {
      return false;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .filter(name -> name.endsWith(".class"))
          .allMatch(ShippedCode::isOwn);
    }
  }

  private static boolean isOwn(String className) {
    if (!className.startsWith(SHEAVE)) {
      return false;
    }
    String inside = className.substring(SHEAVE.length());
    return inside.indexOf('/') < 0 || PACKAGES.stream().anyMatch(inside::startsWith);
  }
}
