package dev.sheave.flow.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The names by which jars can be referred to. */
final class LibraryNames {
  private static final String SERVICES = "META-INF/services/";

  /** Of a file in several languages: {@code messages_de_AT}. */
  private static final Pattern LOCALE = Pattern.compile("(_[A-Za-z]{2,8})+$");

  /** What tells of the jar itself, and what tools read that build programs. */
  private static final Pattern ABOUT =
      Pattern.compile(
          "(?:meta-inf/)?(?:manifest\\.mf|index\\.list|dependencies|(?:.*/)?(?:licen[cs]e|notice|readme|about|copying|changelog)[^/]*)"
              + "|meta-inf/(?:maven|native-image|proguard|sbom|licenses?)/.*"
              + "|meta-inf/[^/]*\\.(?:sf|rsa|dsa|ec|kotlin_module)"
              + "|.*\\.(?:kotlin_metadata|tasty)");

  /** Classes, resources, and the services that jars provide. */
  private final Map<String, Set<Path>> byName = new HashMap<>();

  /** Packages and folders, to which names are put together. */
  private final Map<String, Set<Path>> byFolder = new HashMap<>();

  /** The packages of the JDK that look for a service. */
  private final Map<String, Set<Path>> byUser = new HashMap<>();

  private final Set<Path> always = new HashSet<>();

  private LibraryNames() {}

  static LibraryNames of(List<Path> jars) throws IOException {
    LibraryNames names = new LibraryNames();
    for (Path jar : jars) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        for (ZipEntry entry :
            (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
          String name = ClassNames.ofAnyRelease(entry.getName());
          if (name.startsWith(SERVICES) && !entry.isDirectory()) {
            names.addService(name.substring(SERVICES.length()), isEmpty(zip, entry), jar);
          } else if (!entry.isDirectory() && !isAboutTheJar(name)) {
            names.add(name, jar);
          }
        }
      }
    }
    return names;
  }

  static boolean isAboutTheJar(String name) {
    return ABOUT.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  private static boolean isEmpty(ZipFile zip, ZipEntry entry) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(zip.getInputStream(entry), StandardCharsets.UTF_8))) {
      return lines.lines().allMatch(line -> line.isBlank() || line.strip().startsWith("#"));
    }
  }

  private void add(String file, Path jar) {
    int slash = file.lastIndexOf('/');
    if (slash > 0) {
      put(byFolder, file.substring(0, slash), jar);
    }
    if (!file.endsWith(".class")) {
      put(byName, file, jar);
      int dot = file.lastIndexOf('.');
      if (dot > slash + 1) { // bundles of resources are named without ending and language
        String bare = file.substring(0, dot);
        put(byName, bare, jar);
        put(byName, LOCALE.matcher(bare).replaceFirst(""), jar);
      }
      return;
    }
    String name = file.substring(0, file.length() - ".class".length());
    if (!name.endsWith("module-info") && !name.endsWith("package-info")) {
      put(byName, name, jar);
      if (name.indexOf('$') > 0) {
        put(byName, name.replace('$', '.'), jar);
      }
      if (slash > 0) {
        put(byName, file.substring(0, slash), jar); // packages are scanned by name
      }
    }
  }

  private void addService(String service, boolean isEmpty, Path jar) {
    if (isEmpty) {
      return;
    }
    if (service.startsWith("dev.sheave.")) {
      always.add(jar); // runs look for block types of their own accord
    }
    put(byName, service, jar);
    int dot = service.lastIndexOf('.');
    if (dot > 0 && isOfTheJdk(service)) {
      String user = service.substring(0, dot);
      put(
          byUser,
          user.endsWith(".spi") ? user.substring(0, user.length() - ".spi".length()) : user,
          jar);
    }
  }

  private static boolean isOfTheJdk(String className) {
    return ClassLoader.getPlatformClassLoader().getResource(className.replace('.', '/') + ".class")
        != null;
  }

  private static void put(Map<String, Set<Path>> map, String name, Path jar) {
    map.computeIfAbsent(name.replace('/', '.'), key -> new HashSet<>()).add(jar);
  }

  /** The jars that nothing need refer to. */
  Collection<Path> always() {
    return always;
  }

  /**
   * The jars that a name refers to.
   *
   * @param hasMore whether the name is the beginning of others
   */
  Collection<Path> librariesOf(String name, boolean hasMore) {
    Set<Path> found = new HashSet<>(byName.getOrDefault(name, Set.of()));
    if (hasMore) {
      found.addAll(byFolder.getOrDefault(name, Set.of()));
    }
    int dot = name.lastIndexOf('.');
    if (dot > 0 && !byUser.isEmpty()) {
      found.addAll(byUser.getOrDefault(name.substring(0, dot), Set.of()));
    }
    return found;
  }
}
