package dev.sheave.internal;

import dev.sheave.block.Secret;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where Sheave finds its settings: the environment.
 *
 * @param home {@code SHEAVE_HOME}, by default {@code ~/.sheave}
 * @param apiUrl {@code SHEAVE_API_URL}
 * @param apiKey {@code SHEAVE_API_KEY}
 * @param encryptionKey {@code SHEAVE_ENCRYPTION_KEY}
 */
public record Settings(
    Path home, Optional<String> apiUrl, Optional<Secret> apiKey, Optional<Secret> encryptionKey) {

  /** Reads the settings of this process. */
  public static Settings ofProcess() {
    return of(System.getenv());
  }

  /** Reads the settings of an environment. */
  public static Settings of(Map<String, String> environment) {
    String home = environment.get("SHEAVE_HOME");
    return new Settings(
        (isBlank(home) ? Path.of(System.getProperty("user.home"), ".sheave") : Path.of(home))
            .toAbsolutePath()
            .normalize(),
        text(environment, "SHEAVE_API_URL"),
        text(environment, "SHEAVE_API_KEY").map(Secret::of),
        text(environment, "SHEAVE_ENCRYPTION_KEY").map(Secret::of));
  }

  private static Optional<String> text(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !isBlank(value));
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }

  /** The URL to connect to when nobody says another. */
  public String url() {
    return apiUrl.orElseGet(() -> "jdbc:sqlite:" + home.resolve("sheave.db"));
  }
}
