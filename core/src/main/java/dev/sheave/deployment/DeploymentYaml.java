package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Schedule;
import dev.sheave.api.internal.DeploymentJson;
import dev.sheave.internal.Json;
import dev.sheave.internal.Suggestions;
import dev.sheave.internal.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The top-level keys of a deployment file, with where they stand, for messages. */
final class DeploymentYaml {
  private final Yaml.Document document;
  private final Map<String, @Nullable Object> keys;
  private final Path file;

  private DeploymentYaml(Yaml.Document document, Map<String, @Nullable Object> keys, Path file) {
    this.document = document;
    this.keys = keys;
    this.file = file;
  }

  static DeploymentYaml parse(String text, Path file) {
    Yaml.Document document = Yaml.parse(text, "The deployment file '" + file + "'");
    if (!(document.value() instanceof Map<?, ?> map)) {
      throw new SheaveException(
          Code.INVALID,
          "The deployment file '"
              + file
              + "' doesn't hold a deployment; write one with 'sheave"
              + " deployment build'.");
    }
    return new DeploymentYaml(document, Json.asObject(map), file);
  }

  void refuseUnknownKeys(Set<String> known) {
    for (String key : keys.keySet()) {
      if (!known.contains(key)) {
        throw new SheaveException(
            Code.INVALID,
            at(key) + "a deployment has no key '" + key + "'." + Suggestions.hint(key, known));
      }
    }
  }

  private String at(String key) {
    return "'" + file + "'" + document.position(key) + ": ";
  }

  private SheaveException wrong(String key, String expected) {
    return new SheaveException(Code.INVALID, at(key) + "'" + key + "' must be " + expected + ".");
  }

  String requiredText(String key) {
    String text = text(key);
    if (text == null || text.isBlank()) {
      throw new SheaveException(
          Code.INVALID, "'" + file + "': '" + key + "' is missing; it must be a string.");
    }
    return text;
  }

  @Nullable String text(String key) {
    Object value = keys.get(key);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    // a version such as 1.0 is meant as a string
    if (value instanceof Number) {
      return value.toString();
    }
    throw wrong(key, "a string");
  }

  @Nullable Boolean truth(String key) {
    Object value = keys.get(key);
    if (value == null || value instanceof Boolean) {
      return (Boolean) value;
    }
    throw wrong(key, "true, false or null");
  }

  @Nullable Map<String, @Nullable Object> object(String key) {
    Object value = keys.get(key);
    if (value == null) {
      return null;
    }
    if (value instanceof Map<?, ?> map) {
      return Json.asObject(map);
    }
    throw wrong(key, "a mapping");
  }

  @Nullable Schedule schedule(String key) {
    Map<String, @Nullable Object> value = object(key);
    if (value == null) {
      return null;
    }
    try {
      return DeploymentJson.SCHEDULE.fromJson(value);
    } catch (SheaveException e) {
      throw new SheaveException(e.code(), at(key) + e.getMessage(), e);
    }
  }

  List<String> texts(String key) {
    Object value = keys.get(key);
    List<String> texts = new ArrayList<>();
    if (value == null) {
      return texts;
    }
    if (!(value instanceof List<?> list)) {
      throw wrong(key, "a list of strings");
    }
    for (Object each : list) {
      if (!(each instanceof String text)) {
        throw wrong(key, "a list of strings");
      }
      texts.add(text);
    }
    return texts;
  }
}
