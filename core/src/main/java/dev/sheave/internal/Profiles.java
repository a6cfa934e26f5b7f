package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.YamlNode.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Named sets of settings in {@code SHEAVE_HOME/profiles.yaml}, one of which is active. Immutable;
 * changes return a changed copy, to be {@linkplain #save() saved}.
 */
public final class Profiles {
  /** The profile that exists by default. */
  public static final String DEFAULT = "default";

  /** The settings that a profile may have. */
  public static final Set<String> SETTINGS =
      Collections.unmodifiableSet(
          new TreeSet<>(Set.of("SHEAVE_API_URL", "SHEAVE_API_KEY", "SHEAVE_LOGGING_LEVEL")));

  /** The settings whose values are never shown. */
  public static final Set<String> SECRETS = Set.of("SHEAVE_API_KEY");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private static final Map<String, Object> TEXT = Json.object("type", "string");

  /** All that the file holds is text, {@code 1.10} and {@code yes} too. */
  private static final Map<String, @Nullable Object> SCHEMA =
      Map.of(
          "properties",
          Map.of(
              "active",
              TEXT,
              "profiles",
              Map.of("additionalProperties", Map.of("additionalProperties", TEXT))));

  private final Path file;
  private final String active;
  private final Map<String, Map<String, String>> byName;

  private Profiles(Path file, String active, Map<String, Map<String, String>> byName) {
    this.file = file;
    this.active = active;
    this.byName = byName;
  }

  /**
   * Reads the profiles of a home.
   *
   * @param chosen the profile to use instead of the active one, or null
   * @throws SheaveException {@code INVALID} if the file isn't valid; {@code NOT_FOUND} if the
   *     profile doesn't exist
   */
  public static Profiles read(Path home, @Nullable String chosen) {
    Path file = home.resolve("profiles.yaml");
    Map<String, Map<String, String>> byName = new LinkedHashMap<>();
    String active = DEFAULT;
    if (Files.exists(file)) {
      Map<String, @Nullable Object> keys = keys(file);
      active = keys.get("active") instanceof String name ? name : DEFAULT;
      if (keys.get("profiles") instanceof Map<?, ?> profiles) {
        Json.asObject(profiles).forEach((name, values) -> byName.put(name, texts(values)));
      }
    }
    byName.putIfAbsent(DEFAULT, Map.of());
    Profiles all = new Profiles(file, active, byName);
    return chosen == null ? all : all.use(chosen);
  }

  private static Map<String, @Nullable Object> keys(Path file) {
    String text = TextFile.read(file, "file '" + file + "'");
    return Yaml.parse(text, "The file '" + file + "'").root() instanceof Mapping mapping
        ? YamlValues.read(mapping, SCHEMA)
        : Map.of();
  }

  private static Map<String, String> texts(@Nullable Object values) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (values instanceof Map<?, ?> map) {
      Json.asObject(map)
          .forEach((key, value) -> texts.put(key, value == null ? "" : String.valueOf(value)));
    }
    return texts;
  }

  /** The name of the active profile. */
  public String active() {
    return active;
  }

  /** The names of all profiles. */
  public Set<String> names() {
    return byName.keySet();
  }

  /** The settings of a profile. */
  public Map<String, String> settings(String name) {
    return byName.getOrDefault(name, Map.of());
  }

  /** The settings of the active profile. */
  public Map<String, String> settings() {
    return settings(active);
  }

  /**
   * Returns a copy with another active profile.
   *
   * @throws SheaveException {@code NOT_FOUND} if it doesn't exist
   */
  public Profiles use(String name) {
    if (!byName.containsKey(name)) {
      throw new SheaveException(
          Code.NOT_FOUND,
          "The profile '" + name + "' doesn't exist." + Suggestions.hint(name, byName.keySet()));
    }
    return new Profiles(file, name, byName);
  }

  /**
   * Returns a copy with a new profile.
   *
   * @throws SheaveException {@code ALREADY_EXISTS} if the name is taken
   */
  public Profiles create(String name, Map<String, String> settings) {
    checkNew(name);
    return with(name, settings);
  }

  /**
   * Returns a copy with a renamed profile; it stays active if it was.
   *
   * @throws SheaveException {@code NOT_FOUND} if it doesn't exist, {@code ALREADY_EXISTS} if the
   *     new name is taken
   */
  public Profiles rename(String name, String newName) {
    use(name);
    checkNew(newName);
    Map<String, Map<String, String>> renamed = new LinkedHashMap<>();
    byName.forEach((each, settings) -> renamed.put(each.equals(name) ? newName : each, settings));
    return new Profiles(file, active.equals(name) ? newName : active, renamed);
  }

  private void checkNew(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + name
              + "' isn't a valid profile name; use letters, digits, '.', '_' and '-', and start"
              + " with a"
              + " letter or digit.");
    }
    if (byName.containsKey(name)) {
      throw new SheaveException(Code.ALREADY_EXISTS, "The profile '" + name + "' already exists.");
    }
  }

  /**
   * Returns a copy without a profile.
   *
   * @throws SheaveException {@code CONFLICT} for the active one
   */
  public Profiles delete(String name) {
    use(name);
    if (name.equals(active)) {
      throw new SheaveException(
          Code.CONFLICT, "The profile '" + name + "' is active; use another one first.");
    }
    Map<String, Map<String, String>> others = new LinkedHashMap<>(byName);
    others.remove(name);
    return new Profiles(file, active, others);
  }

  /**
   * Returns a copy with a setting of a profile set or removed.
   *
   * @param profile an existing profile
   * @param value null to remove the setting
   * @throws SheaveException {@code INVALID}, with the nearest name, for an unknown setting; {@code
   *     NOT_FOUND} if the profile doesn't exist
   */
  public Profiles set(String profile, String setting, @Nullable String value) {
    use(profile);
    if (!SETTINGS.contains(setting)) {
      throw new SheaveException(
          Code.INVALID,
          "Profiles have no setting '"
              + setting
              + "'."
              + Suggestions.hint(setting, SETTINGS)
              + " The settings are: "
              + String.join(", ", SETTINGS)
              + ".");
    }
    Map<String, String> settings = new LinkedHashMap<>(settings(profile));
    if (value == null) {
      settings.remove(setting);
    } else {
      settings.put(setting, value);
    }
    return with(profile, settings);
  }

  private Profiles with(String name, Map<String, String> settings) {
    Map<String, Map<String, String>> all = new LinkedHashMap<>(byName);
    all.put(name, settings);
    return new Profiles(file, active, all);
  }

  /** Writes the file, readable by its owner only, since it may contain a key. */
  public void save() {
    Map<String, Object> keys = Json.object("active", active, "profiles", byName);
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null) {
        throw new IOException("it has no folder");
      }
      PrivateFiles.createFolderIfMissing(folder);
      PrivateFiles.write(file, Yaml.write(keys));
    } catch (IOException e) {
      Interruption.check(e, "writing the file '" + file + "'");
      throw new SheaveException(
          Code.INVALID,
          "The file '" + file + "' can't be written: " + IoReason.of(e, file) + ".",
          e);
    }
  }
}
