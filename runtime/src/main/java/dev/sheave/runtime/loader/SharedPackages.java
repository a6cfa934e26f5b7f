package dev.sheave.runtime.loader;

import java.util.List;

/** The packages that flow code shares with Sheave instead of bringing its own. */
final class SharedPackages {
  /** Fields of block types may be null where they carry an annotation that both sides know. */
  private static final List<String> NAMES =
      List.of("dev.sheave.", "org.slf4j.", "org.jspecify.annotations.");

  private static final List<String> FOLDERS =
      NAMES.stream().map(name -> name.replace('.', '/')).toList();

  private SharedPackages() {}

  static boolean containsClass(String className) {
    return NAMES.stream().anyMatch(className::startsWith);
  }

  static boolean containsResource(String name) {
    return FOLDERS.stream().anyMatch(name::startsWith)
        || name.startsWith("META-INF/services/dev.sheave.");
  }
}
