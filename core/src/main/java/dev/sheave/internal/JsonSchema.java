package dev.sheave.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a JSON schema says about a value: the one reader of schemas, of blocks and of parameters,
 * Sheave's and other programs'. References are followed, and what {@code allOf} combines is one
 * schema: a keyword is that of the first schema that has it, from the outside in; fields are those
 * of all. What isn't read here is in {@link #unread()}. Immutable, as long as the JSON is.
 */
public final class JsonSchema {
  /** Marks a place of a block, with its type; of a secret, too. */
  public static final String BLOCK_TYPE = "block_type_slug";

  /** Marks a place of a block of any type that can do something. */
  public static final String BLOCK_CAPABILITIES = "block_capabilities";

  /** The type of blocks that hold a secret each. */
  public static final String SECRET = "secret";

  private static final int MAX_LAYERS = 100;

  /**
   * What forbids no value. That includes {@code uniqueItems}: it stands for sets, which are made of
   * any list, here and in Python.
   */
  private static final Set<String> ANNOTATIONS =
      Set.of(
          "$comment",
          "$defs",
          "$id",
          "$schema",
          "block_schema_references",
          "default",
          "definitions",
          "deprecated",
          "description",
          "env_names",
          "example",
          "examples",
          "id",
          "position",
          "readOnly",
          "secret_fields",
          "title",
          "uniqueItems",
          "writeOnly",
          BLOCK_CAPABILITIES,
          BLOCK_TYPE);

  /** What is read of all schemas that are combined. */
  private static final Set<String> COMBINED =
      Set.of("additionalProperties", "items", "patternProperties", "properties", "required");

  /** What is read of the first schema that has it. */
  private static final Set<String> FIRST =
      Set.of(
          "anyOf",
          "const",
          "discriminator",
          "enum",
          "exclusiveMaximum",
          "exclusiveMinimum",
          "format",
          "maximum",
          "maxItems",
          "maxLength",
          "minimum",
          "minItems",
          "minLength",
          "nullable",
          "oneOf",
          "pattern",
          "type");

  private final Map<String, @Nullable Object> document;

  /** The schemas that hold together, from the outside in. */
  private final List<Map<String, @Nullable Object>> layers;

  private JsonSchema(
      Map<String, @Nullable Object> document, List<Map<String, @Nullable Object>> layers) {
    this.document = document;
    this.layers = layers;
  }

  /**
   * What a block must be.
   *
   * @param types of one of these types; of any if empty
   * @param capabilities with all these capabilities
   */
  public record BlockPlace(List<String> types, List<String> capabilities) {}

  /** Reads a whole schema. */
  public static JsonSchema of(Map<String, @Nullable Object> document) {
    return of(document, List.of(document));
  }

  /** Returns the schema of a JSON value that stands somewhere in the same document. */
  public JsonSchema part(@Nullable Object json) {
    return of(document, json == null ? List.of() : List.of(json));
  }

  private static JsonSchema of(Map<String, @Nullable Object> document, List<?> parts) {
    List<Map<String, @Nullable Object>> layers = new ArrayList<>();
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    parts.forEach(part -> add(part, document, layers, seen));
    return new JsonSchema(document, List.copyOf(layers));
  }

  private static void add(
      @Nullable Object part,
      Map<String, @Nullable Object> document,
      List<Map<String, @Nullable Object>> layers,
      Set<Object> seen) {
    if (Boolean.FALSE.equals(part)) {
      layers.add(Map.of("not", Map.of()));
    }
    if (!(part instanceof Map<?, ?> map) || layers.size() >= MAX_LAYERS || !seen.add(map)) {
      return;
    }
    Map<String, @Nullable Object> layer = Json.asObject(map);
    layers.add(layer);
    if (layer.get("$ref") instanceof String reference) {
      add(target(document, reference), document, layers, seen);
    }
    if (layer.get("allOf") instanceof List<?> all) {
      all.forEach(each -> add(each, document, layers, seen));
    }
  }

  /** Follows a JSON pointer, {@code #/definitions/Name}; null if nothing is there. */
  private static @Nullable Object target(Map<String, @Nullable Object> document, String reference) {
    if (!reference.startsWith("#")) {
      return null;
    }
    Object at = document;
    for (String step : reference.substring(1).split("/", -1)) {
      if (step.isEmpty() && at == document) {
        continue; // before the first slash
      }
      at = at instanceof Map<?, ?> map ? map.get(step.replace("~1", "/").replace("~0", "~")) : null;
    }
    return at;
  }

  /** Returns the value of a keyword; null if there is none. */
  public @Nullable Object get(String keyword) {
    for (Map<String, @Nullable Object> layer : layers) {
      Object value = layer.get(keyword);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** Returns whether there is a keyword, if only with null as its value. */
  public boolean has(String keyword) {
    return layers.stream().anyMatch(layer -> layer.containsKey(keyword));
  }

  private @Nullable String text(String keyword) {
    return get(keyword) instanceof String text ? text : null;
  }

  /** What the value is called. */
  public @Nullable String title() {
    return text("title");
  }

  /** What the value is for. */
  public @Nullable String description() {
    return text("description");
  }

  /** How a value of the type is written: {@code date-time}, {@code uuid} … */
  public @Nullable String format() {
    return text("format");
  }

  /** The names of the types that a value may have; empty if the schema doesn't say. */
  public List<String> types() {
    Object type = get("type");
    return type instanceof String one ? List.of(one) : texts(type);
  }

  /** Whether a value must be of a type, and of no other. */
  public boolean isType(String type) {
    return type.equals(get("type"));
  }

  /** The values of which it must be one; empty if any will do. */
  public List<@Nullable Object> allowed() {
    if (get("const") != null) {
      return List.of(Objects.requireNonNull(get("const")));
    }
    return get("enum") instanceof Collection<?> all ? new ArrayList<>(all) : List.of();
  }

  /** The fields that an object has, by name and in order. */
  public Map<String, JsonSchema> properties() {
    Map<String, JsonSchema> properties = new LinkedHashMap<>();
    propertyNames().forEach(name -> properties.put(name, property(name)));
    return properties;
  }

  /** The names of the fields that an object has, in order. */
  public Set<String> propertyNames() {
    Set<String> names = new LinkedHashSet<>();
    layers.forEach(layer -> names.addAll(object(layer.get("properties")).keySet()));
    return names;
  }

  /** Returns what must be at a key of an object: a field, or what other keys may hold. */
  public JsonSchema property(String name) {
    List<Object> parts = new ArrayList<>();
    for (Map<String, @Nullable Object> layer : layers) {
      boolean isOther = true;
      Object field = object(layer.get("properties")).get(name);
      if (field != null) {
        parts.add(field);
        isOther = false;
      }
      for (Map.Entry<String, @Nullable Object> each :
          object(layer.get("patternProperties")).entrySet()) {
        if (each.getValue() != null && matches(each.getKey(), name)) {
          parts.add(each.getValue());
          isOther = false;
        }
      }
      if (isOther && layer.get("additionalProperties") instanceof Map<?, ?> others) {
        parts.add(others);
      }
    }
    return of(document, parts);
  }

  /** Whether a schema of fields says that an object can't have one of this name. */
  public boolean forbids(String name) {
    return layers.stream()
        .anyMatch(
            layer ->
                Boolean.FALSE.equals(layer.get("additionalProperties"))
                    && !object(layer.get("properties")).containsKey(name)
                    && object(layer.get("patternProperties")).keySet().stream()
                        .noneMatch(pattern -> matches(pattern, name)));
  }

  /** The names of the fields that must have a value. */
  public List<String> required() {
    Set<String> required = new LinkedHashSet<>();
    layers.forEach(layer -> required.addAll(texts(layer.get("required"))));
    return List.copyOf(required);
  }

  /** Returns what an element of a list must be. */
  public JsonSchema element(int index) {
    List<Object> parts = new ArrayList<>();
    for (Map<String, @Nullable Object> layer : layers) {
      Object items = layer.get("items");
      // a list of schemas is one for each element
      Object item =
          items instanceof List<?> each ? index < each.size() ? each.get(index) : null : items;
      if (item != null) {
        parts.add(item);
      }
    }
    return of(document, parts);
  }

  /** Returns what the elements of a list may be: one schema for all, or each its own. */
  public List<JsonSchema> elements() {
    int own = 1;
    for (Map<String, @Nullable Object> layer : layers) {
      own = layer.get("items") instanceof List<?> each ? Math.max(own, each.size()) : own;
    }
    return IntStream.range(0, own).mapToObj(this::element).toList();
  }

  /** Returns the schemas of which one must hold; empty if there is no choice. */
  public List<JsonSchema> choices() {
    List<JsonSchema> choices = new ArrayList<>();
    for (String keyword : List.of("anyOf", "oneOf")) {
      if (get(keyword) instanceof Collection<?> all) {
        all.forEach(each -> choices.add(part(each)));
      }
    }
    return choices;
  }

  /** Returns this schema and, all the way down, those of which one must hold. */
  public Set<JsonSchema> withChoices() {
    Set<JsonSchema> all = new LinkedHashSet<>();
    collect(all);
    return all;
  }

  private void collect(Set<JsonSchema> all) {
    if (all.add(this)) {
      for (Map<String, @Nullable Object> layer : layers) {
        for (String keyword : List.of("anyOf", "oneOf")) {
          if (layer.get(keyword) instanceof Collection<?> choices) {
            choices.forEach(each -> part(each).collect(all));
          }
        }
      }
    }
  }

  /** Whether the value, all the way down, is secret. */
  public boolean isSecret() {
    return layers.stream()
        .anyMatch(
            layer ->
                Boolean.TRUE.equals(layer.get("writeOnly"))
                    || "password".equals(layer.get("format")));
  }

  /** Whether a field is secret, or a map of secrets. */
  public boolean isSecret(String name) {
    List<String> listed = texts(get("secret_fields"));
    return property(name).isSecret() || listed.contains(name) || listed.contains(name + ".*");
  }

  /** Whether a block may stand for the secret. */
  public boolean isSecretPlace() {
    return isSecret() && SECRET.equals(get(BLOCK_TYPE));
  }

  /** Returns what a block must be; null where there is to be something else. */
  public @Nullable BlockPlace blockPlace() {
    if (isSecret()) {
      return null;
    }
    if (get(BLOCK_TYPE) instanceof String type) {
      return new BlockPlace(List.of(type), List.of());
    }
    if (get(BLOCK_CAPABILITIES) instanceof Collection<?> all) {
      return new BlockPlace(List.of(), texts(all));
    }
    List<String> types = new ArrayList<>();
    for (JsonSchema choice : choices()) {
      if (!(choice.get(BLOCK_TYPE) instanceof String type) || choice.isSecret()) {
        return null;
      }
      types.add(type);
    }
    return types.isEmpty() ? null : new BlockPlace(types, List.of());
  }

  /**
   * Returns what this reader doesn't read and that may forbid a value, as schemas that stand alone:
   * keywords it doesn't know, and those that are combined with others of the same name.
   */
  public List<Map<String, @Nullable Object>> unread() {
    List<Map<String, @Nullable Object>> unread = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Map<String, @Nullable Object> layer = layers.get(i);
      List<Map<String, @Nullable Object>> outer = layers.subList(0, i);
      Map<String, @Nullable Object> rest = new LinkedHashMap<>();
      layer.forEach(
          (keyword, value) -> {
            if (!isRead(keyword, value, outer)) {
              rest.put(keyword, value);
            }
          });
      if (!rest.isEmpty()) {
        unread.add(alone(rest, layer));
      }
    }
    return unread;
  }

  private boolean isRead(
      String keyword, @Nullable Object value, List<Map<String, @Nullable Object>> outer) {
    if (keyword.equals("$ref")) {
      return value instanceof String reference && target(document, reference) instanceof Map;
    }
    if (keyword.equals("type") && !(value instanceof String)) {
      return false;
    }
    if (keyword.equals("pattern") && value instanceof String pattern && compiled(pattern) == null) {
      return false;
    }
    if (FIRST.contains(keyword)) {
      return outer.stream()
          .noneMatch(
              each -> each.containsKey(keyword) && !Objects.equals(each.get(keyword), value));
    }
    return COMBINED.contains(keyword)
        || ANNOTATIONS.contains(keyword)
        || keyword.equals("allOf")
        || keyword.startsWith("x-");
  }

  /** Some keywords mean what those beside them don't cover; what these want is checked already. */
  private Map<String, @Nullable Object> alone(
      Map<String, @Nullable Object> rest, Map<String, @Nullable Object> layer) {
    Map<String, @Nullable Object> alone = new LinkedHashMap<>(rest);
    for (String keyword : List.of("properties", "patternProperties")) {
      if (layer.get(keyword) instanceof Map<?, ?> fields) {
        Map<String, @Nullable Object> names = new LinkedHashMap<>();
        Json.asObject(fields).keySet().forEach(name -> names.put(name, Map.of()));
        alone.put(keyword, names);
      }
    }
    if (layer.get("items") instanceof List<?> items) {
      alone.put("items", items.stream().map(each -> Map.of()).toList());
    } else if (layer.containsKey("items")) {
      alone.put("items", Map.of());
    }
    for (String keyword : List.of("$schema", "definitions", "$defs")) {
      if (document.containsKey(keyword)) {
        alone.put(keyword, document.get(keyword));
      }
    }
    return alone;
  }

  /** Whether a text is like a pattern; one that Java can't read lets everything through. */
  public static boolean matches(String pattern, String text) {
    Pattern compiled = compiled(pattern);
    return compiled == null || compiled.matcher(text).find();
  }

  /** Patterns of Python's schemas have named groups and ends of their own. */
  private static @Nullable Pattern compiled(String pattern) {
    try {
      return Pattern.compile(pattern.replaceAll("\\(\\?P<\\w+>", "(").replace("\\Z", "\\z"));
    } catch (PatternSyntaxException e) {
      return null;
    }
  }

  private static Map<String, @Nullable Object> object(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? Json.asObject(map) : Map.of();
  }

  /** Returns the elements of a list as texts; empty if it isn't one. */
  public static List<String> texts(@Nullable Object value) {
    List<String> texts = new ArrayList<>();
    if (value instanceof Collection<?> all) {
      all.forEach(each -> texts.add(String.valueOf(each)));
    }
    return texts;
  }

  /** Compares by what was read, not by what it says. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof JsonSchema schema)
        || schema.document != document
        || schema.layers.size() != layers.size()) {
      return false;
    }
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i) != schema.layers.get(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = System.identityHashCode(document);
    for (Map<String, @Nullable Object> layer : layers) {
      hash = 31 * hash + System.identityHashCode(layer);
    }
    return hash;
  }

  /** The keywords, less those that are followed here. */
  @Override
  public String toString() {
    List<Map<String, @Nullable Object>> own = new ArrayList<>();
    for (Map<String, @Nullable Object> layer : layers) {
      Map<String, @Nullable Object> keywords = new LinkedHashMap<>(layer);
      keywords.keySet().removeAll(Set.of("$ref", "allOf", "$defs", "definitions"));
      own.add(keywords);
    }
    return own.toString();
  }
}
