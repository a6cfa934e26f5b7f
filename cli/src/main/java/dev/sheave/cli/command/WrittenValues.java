package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Json;
import dev.sheave.internal.Yaml;
import dev.sheave.internal.YamlNode.Mapping;
import dev.sheave.internal.YamlValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A block's values in a file: an object with its fields in YAML or JSON, or what {@code block
 * inspect -o json} prints.
 *
 * @param data the values by field; {@code type/name} where a saved block is
 * @param updated when the block was last changed that was inspected, in its own words; null if the
 *     file doesn't say
 */
record WrittenValues(Map<String, @Nullable Object> data, @Nullable String updated) {

  /** No values. */
  static WrittenValues none() {
    return new WrittenValues(new LinkedHashMap<>(), null);
  }

  /**
   * Reads a file.
   *
   * @param name its path, or {@code -} for standard input
   * @param schema the JSON schema of the block's type
   */
  static WrittenValues read(String name, Map<String, @Nullable Object> schema, Terminal terminal) {
    String text =
        name.equals("-")
            ? FieldAssignments.readInput(terminal)
            : FieldAssignments.readFile(terminal.resolve(name), " with the values");
    String what = name.equals("-") ? "Standard input" : "'" + name + "'";
    Object value = name.endsWith(".json") ? Json.parse(text, what) : yaml(text, what, schema);
    if (!(value instanceof Map<?, ?> map)) {
      throw new SheaveException(
          Code.INVALID, what + " must hold an object with the block's fields.");
    }
    Map<String, @Nullable Object> object = Json.asObject(map);
    if (!(object.containsKey("block_type_id") && object.get("data") instanceof Map<?, ?> data)) {
      return new WrittenValues(Json.mutableCopy(object), null);
    }
    Map<String, @Nullable Object> references =
        object.get("block_document_references") instanceof Map<?, ?> given
            ? Json.asObject(given)
            : Map.of();
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    Json.asObject(data)
        .forEach((field, each) -> values.put(field, withReferences(field, each, references)));
    return new WrittenValues(
        values, object.get("updated") instanceof String updated ? updated : null);
  }

  private static @Nullable Object yaml(
      String text, String what, Map<String, @Nullable Object> schema) {
    Yaml.Document document = Yaml.parse(text, what);
    return document.root() instanceof Mapping mapping
            && !mapping.entries().containsKey("block_type_id")
        ? YamlValues.read(mapping, schema)
        : document.value();
  }

  /** Saved blocks are shown in full; they go back as what they are called. */
  private static @Nullable Object withReferences(
      String path, @Nullable Object value, Map<String, @Nullable Object> references) {
    if (references.get(path) instanceof Map<?, ?> reference
        && reference.get("block_document") instanceof Map<?, ?> target) {
      return target.get("block_type_slug") + "/" + target.get("name");
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      Json.asObject(map)
          .forEach(
              (key, each) -> copy.put(key, withReferences(path + "." + key, each, references)));
      return copy;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        copy.add(withReferences(path + "[" + i + "]", list.get(i), references));
      }
      return copy;
    }
    return value;
  }

  /** Whether there is a mask among the values, where there may be a secret. */
  boolean hasMasks() {
    return hasMasks(data);
  }

  private static boolean hasMasks(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.values().stream().anyMatch(WrittenValues::hasMasks);
    }
    if (value instanceof List<?> list) {
      return list.stream().anyMatch(WrittenValues::hasMasks);
    }
    return value instanceof String text && Secret.isMask(text);
  }
}
