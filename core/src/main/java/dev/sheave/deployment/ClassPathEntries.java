package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Selects the entries of an application's class path that are uploaded with its flows. */
final class ClassPathEntries {
  /** Identifies the jar of the one library that flows share with Sheave. */
  private static final String SHARED_CLASS = "org/slf4j/Logger.class";

  /** Identifies the class folders of Sheave's own modules in a build that isn't packaged. */
  private static final List<String> OWN_PACKAGES =
      List.of(
          "api",
          "runtime",
          "agent",
          "orchestrator",
          "cli",
          "server",
          "testkit",
          "storage",
          "infra");

  private ClassPathEntries() {}

  /**
   * Returns the entries of the class path without one of them and without those that ship with
   * Sheave.
   */
  static List<Path> besides(Path codeSource) {
    Set<Path> entries = new LinkedHashSet<>();
    for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        add(Path.of(entry).toAbsolutePath().normalize(), entries);
      }
    }
    entries.remove(codeSource);
    List<Path> libraries = new ArrayList<>();
    for (Path entry : entries) {
      if (Files.isDirectory(entry) ? !isOwnFolder(entry) : !shipsWithSheave(entry)) {
        libraries.add(entry);
      }
    }
    return libraries;
  }

  /** Adds an entry, and the entries that a jar's manifest adds to the class path. */
  private static void add(Path entry, Set<Path> entries) {
    if (!Files.exists(entry) || !entries.add(entry) || Files.isDirectory(entry)) {
      return;
    }
    try (JarFile jar = new JarFile(entry.toFile())) {
      Manifest manifest = jar.getManifest();
      String more =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      if (more != null) {
        for (String each : more.trim().split("\\s+")) {
          Path other = Path.of(entry.toUri().resolve(each)).normalize();
          add(other, entries);
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new SheaveException(
          Code.INVALID,
          "'" + entry + "' on the class path can't be read: " + IoReason.of(e, entry) + ".",
          e);
    }
  }

  private static boolean shipsWithSheave(Path entry) {
    try (JarFile jar = new JarFile(entry.toFile())) {
      Manifest manifest = jar.getManifest();
      String module =
          manifest == null ? null : manifest.getMainAttributes().getValue("Automatic-Module-Name");
      return (module != null && module.startsWith("dev.sheave."))
          || jar.getEntry(SHARED_CLASS) != null;
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID,
          "'" + entry + "' on the class path can't be read: " + IoReason.of(e, entry) + ".",
          e);
    }
  }

  private static boolean isOwnFolder(Path folder) {
    Path root = folder.resolve("dev").resolve("sheave");
    return OWN_PACKAGES.stream().anyMatch(name -> Files.isDirectory(root.resolve(name)));
  }
}
