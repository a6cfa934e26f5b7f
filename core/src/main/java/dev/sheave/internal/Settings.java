package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where Sheave finds its settings: in the environment, then in the active {@linkplain Profiles
 * profile}.
 *
 * @param home {@code SHEAVE_HOME}, by default {@code ~/.sheave}
 * @param apiUrl {@code SHEAVE_API_URL} of the environment, else {@code PREFECT_API_URL}, else that
 *     of the profile
 * @param apiKey {@code SHEAVE_API_KEY} of the environment, or the first line of the file that
 *     {@code SHEAVE_API_KEY_FILE} names; else that which belongs to the URL: {@code
 *     PREFECT_API_KEY}, or that of the profile; no other program's URL gets the profile's
 * @param loggingLevel {@code SHEAVE_LOGGING_LEVEL}
 * @param encryptionKey {@code SHEAVE_ENCRYPTION_KEY}, from the environment alone; before it, while
 *     keys are rotated, {@code SHEAVE_NEW_ENCRYPTION_KEY} and a blank
 * @param profile {@code SHEAVE_PROFILE}: the profile that was chosen instead of the active one
 */
public record Settings(
    Path home,
    Optional<String> apiUrl,
    Optional<Secret> apiKey,
    Optional<String> loggingLevel,
    Optional<Secret> encryptionKey,
    Optional<String> profile) {

  /** Names the URL to connect to. */
  public static final String API_URL = "SHEAVE_API_URL";

  /** Names the API key of a server, or the password of a database. */
  public static final String API_KEY = "SHEAVE_API_KEY";

  /** Names a file whose first line is the API key; for those who have no {@link #API_KEY}. */
  public static final String API_KEY_FILE = "SHEAVE_API_KEY_FILE";

  /** Names the API key that belongs to {@link #PREFECT_API_URL}. */
  public static final String PREFECT_API_KEY = "PREFECT_API_KEY";

  /** Names the URL to connect to unless {@link #API_URL} does. */
  public static final String PREFECT_API_URL = "PREFECT_API_URL";

  /** Names the level from which log lines are kept. */
  public static final String LOGGING_LEVEL = "SHEAVE_LOGGING_LEVEL";

  /** Names the profile to use instead of the active one. */
  public static final String PROFILE = "SHEAVE_PROFILE";

  /** Reads the settings of this process. */
  public static Settings ofProcess() {
    return of(System.getenv());
  }

  /** Reads the settings of an environment, and of the profile in its home folder. */
  public static Settings of(Map<String, String> environment) {
    Path home = home(environment);
    Map<String, String> all = new HashMap<>();
    String chosen = environment.get(PROFILE);
    if (!isBlank(chosen) || Files.exists(home.resolve("profiles.yaml"))) {
      all.putAll(Profiles.read(home, isBlank(chosen) ? null : chosen).settings());
    }
    return of(home, all, environment);
  }

  /** Reads the settings of an environment alone, and no file. */
  public static Settings ofEnvironment(Map<String, String> environment) {
    return of(home(environment), new HashMap<>(), environment);
  }

  /**
   * Puts an environment's settings over those of a profile.
   *
   * @param all the profile's, to be changed
   */
  private static Settings of(Path home, Map<String, String> all, Map<String, String> environment) {
    all.putAll(environment);
    Optional<String> own =
        text(environment, API_KEY)
            .or(() -> text(environment, API_KEY_FILE).map(Settings::firstLine));
    String prefects = environment.get(PREFECT_API_URL);
    if (isBlank(environment.get(API_URL)) && !isBlank(prefects)) {
      all.put(API_URL, prefects);
      if (own.isEmpty()) {
        all.put(API_KEY, environment.getOrDefault(PREFECT_API_KEY, ""));
      }
    }
    return new Settings(
        home,
        text(all, API_URL),
        own.or(() -> text(all, API_KEY)).map(Secret::of),
        text(all, LOGGING_LEVEL),
        encryptionKey(environment),
        text(environment, PROFILE));
  }

  /** Returns the encryption keys of an environment. */
  public static Optional<Secret> encryptionKey(Map<String, String> environment) {
    Optional<String> newest = text(environment, "SHEAVE_NEW_ENCRYPTION_KEY");
    return text(environment, "SHEAVE_ENCRYPTION_KEY")
        .map(key -> newest.map(first -> first + " " + key).orElse(key))
        .map(Secret::of);
  }

  /** Returns {@code SHEAVE_HOME} of an environment. */
  public static Path home(Map<String, String> environment) {
    String home = environment.get("SHEAVE_HOME");
    return (isBlank(home) ? userHome(environment).resolve(".sheave") : Path.of(home))
        .toAbsolutePath()
        .normalize();
  }

  /**
   * Returns a test whether a folder is the {@code SHEAVE_HOME} of this process. It holds keys and
   * records, and changes while a run reads its code, so it is no code of a flow.
   */
  public static Predicate<Path> isHome() {
    Path home = home(System.getenv());
    return folder -> {
      try {
        return Files.isSameFile(folder, home);
      } catch (IOException e) {
        return false; // there is no home yet
      }
    };
  }

  /**
   * Returns the user's home folder, which {@code ~} stands for: {@code HOME} of an environment,
   * else the home folder in the system's user database.
   */
  public static Path userHome(Map<String, String> environment) {
    String home = environment.get("HOME");
    return Path.of(
        isBlank(home) || File.separatorChar == '\\' ? System.getProperty("user.home") : home);
  }

  private static Optional<String> text(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !isBlank(value));
  }

  private static String firstLine(String file) {
    try (BufferedReader reader = Files.newBufferedReader(Path.of(file))) {
      String line = reader.readLine();
      if (!isBlank(line)) {
        return Objects.requireNonNull(line).strip();
      }
    } catch (IOException | InvalidPathException e) {
      throw new SheaveException(
          Code.INVALID,
          "The file '"
              + file
              + "', which "
              + API_KEY_FILE
              + " names, can't be read: "
              + (e instanceof IOException cause
                  ? IoReason.of(cause, Path.of(file))
                  : e.getMessage())
              + ".",
          e);
    }
    throw new SheaveException(
        Code.INVALID,
        "The file '"
            + file
            + "', which "
            + API_KEY_FILE
            + " names, must have a key as first line.");
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }

  /** The default URL to connect to. */
  public String url() {
    return apiUrl.orElseGet(() -> "jdbc:sqlite:" + home.resolve("sheave.db"));
  }
}
