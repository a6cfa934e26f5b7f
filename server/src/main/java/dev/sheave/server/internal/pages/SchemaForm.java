package dev.sheave.server.internal.pages;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Problem;
import dev.sheave.api.BlockDocumentRecord.Reference;
import dev.sheave.block.Secret;
import dev.sheave.internal.Json;
import dev.sheave.internal.JsonSchema;
import dev.sheave.internal.JsonSchema.BlockPlace;
import dev.sheave.server.internal.pages.SchemaForm.Field.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A form for the values that a JSON schema describes. The fields of the HTML form are named after
 * places: {@code v:a/b} has the value of b in a, {@code m:} which of value, default and null is
 * wanted, {@code r:} the rows of a list or map, {@code k:} a row's key, {@code t:} the choice among
 * several schemas. Stored values are put into the same fields, so that a page shows both alike.
 * Used by one thread.
 */
final class SchemaForm {
  private static final Object ABSENT = new Object();
  private static final int MAX_DEPTH = 6;
  private static final int MAX_SHOWN = 30;

  private final JsonSchema schema;
  private final FormValues values;
  private final Function<BlockPlace, List<String>> blocks;
  private final Function<String, ? extends Object> reference;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * Makes a form.
   *
   * @param values what is in the fields
   * @param blocks finds the saved blocks, {@code type/name}, that may stand in a place
   * @param reference returns the JSON value that stands for a saved block
   */
  SchemaForm(
      JsonSchema schema,
      FormValues values,
      Function<BlockPlace, List<String>> blocks,
      Function<String, ? extends Object> reference) {
    this.schema = schema;
    this.values = values;
    this.blocks = blocks;
    this.reference = reference;
  }

  /**
   * A field as the page shows it.
   *
   * @param path its name in the form, without what it begins with
   * @param label what it is called
   * @param description what it is for; empty for nothing
   * @param kind how it is typed
   * @param isRequired whether it must have a value
   * @param placeholder an example
   * @param value what is in it
   * @param modes the choices of a value, the default and none; none if there is only a value
   * @param options what can be picked
   * @param fields the fields of a record, or the alternatives of a choice
   * @param rows the rows of a list or a map
   * @param template a new row
   * @param errors what is wrong
   * @param isStored whether a secret is stored
   * @param isPlain whether JSON stands for something that a form would show otherwise
   */
  record Field(
      String path,
      String label,
      String description,
      Kind kind,
      boolean isRequired,
      String placeholder,
      String value,
      List<Option> modes,
      List<Option> options,
      List<Field> fields,
      List<Row> rows,
      @Nullable Row template,
      List<String> errors,
      boolean isStored,
      boolean isPlain) {

    /** How a value is typed. */
    enum Kind {
      TEXT,
      NUMBER,
      SWITCH,
      CHOICE,
      DATE,
      SECRET,
      BLOCK,
      LIST,
      MAP,
      RECORD,
      UNION,
      JSON
    }

    String id() {
      return "f-" + path;
    }

    /** Whether it is made of others. */
    boolean isGroup() {
      return kind == Kind.LIST || kind == Kind.MAP || kind == Kind.RECORD || kind == Kind.UNION;
    }

    String inputType() {
      return kind == Kind.SECRET ? "password" : kind == Kind.DATE ? "date" : "text";
    }

    @Nullable String invalid() {
      return errors.isEmpty() ? null : "true";
    }
  }

  /** Something that can be picked. */
  record Option(String value, String label, boolean isSelected) {}

  /** A row of a list or a map. */
  record Row(String index, String key, Field cell) {}

  /** A place of a value: its schema, its name in the form, and its path in the values. */
  private record Place(
      JsonSchema schema,
      String path,
      String at,
      boolean isRequired,
      boolean isSecret,
      String name) {

    Place field(String field) {
      return new Place(
          schema.property(field),
          path.isEmpty() ? field : path + "/" + field,
          at.isEmpty() ? field : at + "." + field,
          schema.required().contains(field),
          schema.isSecret(field),
          field);
    }

    Place row(JsonSchema cell, String index, String cellAt) {
      return new Place(cell, path + "/" + index, cellAt, true, isSecret, "");
    }

    /** The same place, by another schema for it. */
    Place by(JsonSchema other) {
      return new Place(other, path, at, true, false, "");
    }

    int depth() {
      return (int) path.chars().filter(c -> c == '/').count();
    }
  }

  /** The kind of a place, and the schema without what says that it may be null. */
  private record Shape(Kind kind, JsonSchema schema, boolean isNullable) {}

  private Place whole() {
    return new Place(schema, "", "", true, false, "");
  }

  private Shape shape(Place place) {
    JsonSchema at = place.schema();
    boolean isNullable = Boolean.TRUE.equals(at.get("nullable")) || at.types().contains("null");
    List<JsonSchema> choices =
        at.choices().stream().filter(choice -> !choice.isType("null")).toList();
    isNullable |= choices.size() < at.choices().size();
    Kind kind;
    if (values.has("j:" + place.path()) || place.depth() > MAX_DEPTH) {
      kind = Kind.JSON;
    } else if (at.blockPlace() != null) {
      kind = Kind.BLOCK;
    } else if (choices.size() > 1 && !place.isSecret()) {
      kind = Kind.UNION;
    } else {
      if (choices.size() == 1) {
        at = choices.get(0);
      }
      kind = simpleKind(at, place.isSecret());
    }
    return new Shape(kind, at, isNullable);
  }

  private static Kind simpleKind(JsonSchema at, boolean isSecret) {
    List<String> types = at.types().stream().filter(type -> !type.equals("null")).toList();
    String type = types.size() == 1 ? types.get(0) : "";
    if (isSecret) {
      return type.equals("object") ? Kind.MAP : Kind.SECRET;
    }
    if (!at.allowed().isEmpty()) {
      return Kind.CHOICE;
    }
    return switch (type) {
      case "string" -> "date".equals(at.format()) ? Kind.DATE : Kind.TEXT;
      case "integer", "number" -> Kind.NUMBER;
      case "boolean" -> Kind.SWITCH;
      case "array" -> at.has("items") && at.elements().size() == 1 ? Kind.LIST : Kind.JSON;
      case "object" ->
          !at.propertyNames().isEmpty()
              ? Kind.RECORD
              : at.get("additionalProperties") instanceof Map ? Kind.MAP : Kind.JSON;
      default -> Kind.JSON;
    };
  }

  // stored values

  /** Puts stored values into the fields: masks for secrets, and references for blocks. */
  void fill(Map<String, @Nullable Object> data, Map<String, Reference> references) {
    fillFields(whole(), data, references);
  }

  private void fillFields(
      Place record, Map<String, @Nullable Object> data, Map<String, Reference> references) {
    for (String name : record.schema().propertyNames()) {
      fill(record.field(name), data.containsKey(name) ? data.get(name) : ABSENT, references);
    }
  }

  /** Puts the defaults into the fields. */
  void fill() {
    fill(Map.of(), Map.of());
  }

  private void fill(Place place, @Nullable Object stored, Map<String, Reference> references) {
    Object value = stored;
    if (stored == ABSENT) {
      value = place.schema().get("default");
      values.add("m:" + place.path(), place.isRequired() ? "value" : "default");
    } else if (stored == null) {
      values.add("m:" + place.path(), "null");
    } else if (place.isSecret() && stored instanceof String) {
      values.add("s:" + place.path(), "1");
      values.add("m:" + place.path(), "keep");
    } else {
      values.add("m:" + place.path(), "value");
    }
    if (value == null || place.isSecret() && !(value instanceof Map)) {
      return;
    }
    Shape shape = shape(place);
    String path = place.path();
    switch (shape.kind()) {
      case BLOCK -> {
        Reference target = references.get(place.at());
        if (target == null || target.isAnonymous()) {
          values.add("j:" + path, "1");
          values.add("v:" + path, Json.writePretty(value));
        } else {
          values.add("v:" + path, target.slug() + "/" + target.name());
        }
      }
      case LIST -> {
        if (value instanceof List<?> list) {
          for (int i = 0; i < list.size(); i++) {
            values.add("r:" + path, String.valueOf(i));
            fill(
                place.row(shape.schema().element(i), String.valueOf(i), place.at() + "[" + i + "]"),
                list.get(i),
                references);
          }
        }
      }
      case MAP -> {
        if (value instanceof Map<?, ?> map) {
          int i = 0;
          for (Map.Entry<String, @Nullable Object> entry : Json.asObject(map).entrySet()) {
            String index = String.valueOf(i++);
            values.add("r:" + path, index);
            values.add("k:" + path + "/" + index, entry.getKey());
            fill(
                place.row(
                    shape.schema().property(entry.getKey()),
                    index,
                    place.at() + "." + entry.getKey()),
                entry.getValue(),
                references);
          }
        }
      }
      case RECORD -> {
        if (value instanceof Map<?, ?> map) {
          fillFields(place.by(shape.schema()), Json.asObject(map), references);
        }
      }
      case UNION -> {
        List<JsonSchema> choices = choices(place);
        int chosen = 0;
        for (int i = choices.size() - 1; i >= 0; i--) {
          chosen = fits(choices.get(i), value) ? i : chosen;
        }
        values.add("t:" + path, String.valueOf(chosen));
        fill(choice(place, choices.get(chosen), chosen), value, references);
      }
      case SWITCH -> {
        if (Boolean.TRUE.equals(value)) {
          values.add("v:" + path, "true");
        }
      }
      case CHOICE, JSON ->
          values.add(
              "v:" + path, shape.kind() == Kind.JSON ? Json.writePretty(value) : Json.write(value));
      case TEXT, NUMBER, DATE, SECRET ->
          values.add("v:" + path, value instanceof String text ? text : Json.write(value));
    }
  }

  private static List<JsonSchema> choices(Place place) {
    return place.schema().choices().stream().filter(choice -> !choice.isType("null")).toList();
  }

  private static Place choice(Place place, JsonSchema chosen, int index) {
    return new Place(chosen, place.path() + "/#" + index, place.at(), true, false, "");
  }

  private static boolean fits(JsonSchema choice, Object value) {
    if (value instanceof Map<?, ?> map) {
      return (choice.isType("object") || !choice.propertyNames().isEmpty())
          && choice.required().stream().allMatch(map::containsKey)
          && choice.properties().entrySet().stream()
              .allMatch(
                  field ->
                      field.getValue().allowed().isEmpty()
                          || !map.containsKey(field.getKey())
                          || field.getValue().allowed().contains(map.get(field.getKey())));
    }
    return choice.allowed().contains(value)
        || choice.allowed().isEmpty()
            && switch (String.valueOf(choice.get("type"))) {
              case "string" -> value instanceof String;
              case "boolean" -> value instanceof Boolean;
              case "integer", "number" -> value instanceof Number;
              case "array" -> value instanceof List;
              default -> false;
            };
  }

  // what was typed

  /**
   * Reads the values.
   *
   * @param others values that the schema doesn't know, and that stay
   * @return the values; what is wrong with them is in {@link #problems()}
   */
  Map<String, @Nullable Object> read(Map<String, @Nullable Object> others) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>(others);
    data.keySet().removeAll(schema.propertyNames());
    data.putAll(readFields(whole()));
    return data;
  }

  private Map<String, @Nullable Object> readFields(Place record) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    for (String name : record.schema().propertyNames()) {
      Object value = read(record.field(name));
      if (value != ABSENT) {
        data.put(name, value);
      }
    }
    return data;
  }

  /** What is wrong with what was typed. */
  List<Problem> problems() {
    return problems;
  }

  private @Nullable Object read(Place place) {
    return switch (mode(place)) {
      case "default" -> ABSENT;
      case "null" -> null;
      case "keep" -> Secret.MASK;
      default -> readValue(place);
    };
  }

  private @Nullable Object readValue(Place place) {
    Shape shape = shape(place);
    String typed = values.first("v:" + place.path());
    String text = typed == null ? "" : typed;
    boolean isEmpty = text.isBlank();
    return switch (shape.kind()) {
      case RECORD -> readFields(place.by(shape.schema()));
      case LIST -> readRows(place, shape);
      case MAP -> readMap(place, shape);
      case UNION -> readChoice(place);
      case SWITCH -> text.equals("true");
      case NUMBER -> readNumber(place, shape, text.strip());
      case JSON -> isEmpty ? missing(place, "Enter JSON.") : readJson(place, text);
      case CHOICE -> readAllowed(place, shape, text);
      case BLOCK -> isEmpty ? missing(place, "Pick a block.") : reference.apply(text);
      case DATE -> isEmpty ? missing(place, "Enter a date.") : text;
      case SECRET -> text.isEmpty() ? missing(place, "Enter a value.") : text;
      case TEXT ->
          isEmpty && place.isRequired() && !place.name().isEmpty()
              ? missing(place, "Enter a value.")
              : text;
    };
  }

  private @Nullable Object readChoice(Place place) {
    List<JsonSchema> choices = choices(place);
    int chosen = Math.min(values.number("t:" + place.path(), 0), choices.size() - 1);
    return read(choice(place, choices.get(chosen), chosen));
  }

  private @Nullable Object readAllowed(Place place, Shape shape, String text) {
    for (Object allowed : shape.schema().allowed()) {
      if (Json.write(allowed).equals(text)) {
        return allowed;
      }
    }
    return missing(place, "Pick a value.");
  }

  private @Nullable Object missing(Place place, String sentence) {
    problems.add(new Problem(place.at(), sentence));
    return null;
  }

  private @Nullable Object readNumber(Place place, Shape shape, String text) {
    boolean isWhole = shape.schema().isType("integer");
    if (!text.matches(isWhole ? "-?\\d{1,40}" : "-?\\d{1,40}(\\.\\d{1,40})?([eE][+-]?\\d{1,3})?")) {
      return missing(place, isWhole ? "Enter a whole number." : "Enter a number.");
    }
    return Json.parse(text.replaceFirst("^(-?)0+(?=\\d)", "$1"), "The number");
  }

  private @Nullable Object readJson(Place place, String text) {
    try {
      return Json.parse(text, "The JSON");
    } catch (SheaveException e) {
      return missing(place, e.getMessage());
    }
  }

  private List<@Nullable Object> readRows(Place place, Shape shape) {
    List<@Nullable Object> list = new ArrayList<>();
    for (String index : values.all("r:" + place.path())) {
      int i = list.size();
      list.add(read(place.row(shape.schema().element(i), index, place.at() + "[" + i + "]")));
    }
    return list;
  }

  private Map<String, @Nullable Object> readMap(Place place, Shape shape) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (String index : values.all("r:" + place.path())) {
      String typed = values.first("k:" + place.path() + "/" + index);
      String key = typed == null ? "" : typed;
      if (key.isEmpty() || map.containsKey(key)) {
        missing(
            place,
            key.isEmpty() ? "Each row needs a key." : "The key '" + key + "' is there twice.");
      }
      map.put(key, read(place.row(shape.schema().property(key), index, place.at() + "." + key)));
    }
    return map;
  }

  private String mode(Place place) {
    String wanted = values.first("m:" + place.path());
    return modes(place).stream()
        .map(Option::value)
        .filter(mode -> mode.equals(wanted))
        .findFirst()
        .orElse(place.isRequired() || wanted == null ? "value" : "default");
  }

  /** The choices of a place; the value alone if there is no other. */
  private List<Option> modes(Place place) {
    String wanted = values.first("m:" + place.path());
    Object fallback = place.schema().get("default");
    List<Option> modes = new ArrayList<>();
    boolean isKept = values.has("s:" + place.path());
    if (isKept) {
      modes.add(option("keep", "Keep the stored one", wanted));
    }
    modes.add(option("value", isKept ? "Replace" : "Value", wanted));
    if (!place.isRequired()) {
      String label =
          isKept ? "Clear" : fallback == null ? "Not set" : "Default: " + brief(fallback);
      modes.add(
          option("default", label, wanted == null || wanted.equals("null") ? "default" : wanted));
    }
    if (place.isRequired() ? shape(place).isNullable() : fallback != null && !isKept) {
      modes.add(option("null", "None (null)", wanted));
    }
    return modes;
  }

  private static Option option(String value, String label, @Nullable String wanted) {
    return new Option(value, label, value.equals(wanted));
  }

  private static String brief(Object value) {
    String text = value instanceof String string ? string : Json.write(value);
    String shown =
        text.isEmpty() ? "(empty)" : text.equals("{}") || text.equals("[]") ? "none" : text;
    return shown.length() <= MAX_SHOWN ? shown : shown.substring(0, MAX_SHOWN) + "…";
  }

  // what is shown

  /** The fields, with what is wrong beside them. */
  List<Field> fields(List<Problem> all) {
    return fieldsOf(whole(), all);
  }

  private List<Field> fieldsOf(Place record, List<Problem> all) {
    List<Field> fields = new ArrayList<>();
    record.schema().propertyNames().forEach(name -> fields.add(field(record.field(name), all)));
    return fields;
  }

  private Field field(Place place, List<Problem> all) {
    Shape shape = shape(place);
    String path = place.path();
    List<Option> modes = modes(place);
    String typed = values.first("v:" + path);
    String value = typed == null || place.isSecret() ? "" : typed;
    List<Row> rows = new ArrayList<>();
    Row template = null;
    List<Field> fields = List.of();
    List<Option> options = List.of();
    if (shape.kind() == Kind.LIST || shape.kind() == Kind.MAP) {
      int i = 0;
      for (String index : values.all("r:" + path)) {
        rows.add(row(place, shape, index, i++, all));
      }
      template = row(place, shape, "__" + place.depth() + "__", i, List.of());
    } else if (shape.kind() == Kind.RECORD) {
      fields = fieldsOf(place.by(shape.schema()), all);
    } else if (shape.kind() == Kind.UNION) {
      List<JsonSchema> choices = choices(place);
      List<Field> alternatives = new ArrayList<>();
      List<Option> tabs = new ArrayList<>();
      int chosen = values.number("t:" + path, 0);
      for (int i = 0; i < choices.size(); i++) {
        alternatives.add(field(choice(place, choices.get(i), i), i == chosen ? all : List.of()));
        tabs.add(new Option(String.valueOf(i), titleOf(choices.get(i)), i == chosen));
      }
      fields = alternatives;
      options = tabs;
    } else if (shape.kind() == Kind.CHOICE) {
      options =
          shape.schema().allowed().stream()
              .map(
                  allowed ->
                      new Option(
                          Json.write(allowed),
                          brief(String.valueOf(allowed)),
                          Json.write(allowed).equals(value)))
              .toList();
    } else if (shape.kind() == Kind.BLOCK) {
      BlockPlace wanted = shape.schema().blockPlace();
      options =
          Stream.concat(
                  (wanted == null ? List.<String>of() : blocks.apply(wanted)).stream(),
                  value.isEmpty() ? Stream.of() : Stream.of(value))
              .distinct()
              .map(block -> new Option(block, block, block.equals(value)))
              .toList();
    }
    return new Field(
        path,
        label(place),
        place.schema().description() == null ? "" : String.valueOf(place.schema().description()),
        shape.kind(),
        place.isRequired(),
        placeholder(place, shape),
        value,
        modes.size() == 1 ? List.of() : modes,
        options,
        fields,
        rows,
        template,
        all.stream()
            .filter(problem -> problem.path().equals(place.at()))
            .map(Problem::message)
            .toList(),
        values.has("s:" + path),
        values.has("j:" + path));
  }

  private Row row(Place place, Shape shape, String index, int number, List<Problem> all) {
    String typed = values.first("k:" + place.path() + "/" + index);
    String key = typed == null ? "" : typed;
    boolean isList = shape.kind() == Kind.LIST;
    Place cell =
        place.row(
            isList ? shape.schema().element(number) : shape.schema().property(key),
            index,
            isList ? place.at() + "[" + number + "]" : place.at() + "." + key);
    return new Row(index, key, field(cell, all));
  }

  private static String titleOf(JsonSchema choice) {
    String title = choice.title();
    return title != null
        ? title
        : switch (String.valueOf(choice.get("type"))) {
          case "string" -> "Text";
          case "integer", "number" -> "Number";
          case "boolean" -> "Yes or no";
          case "array" -> "List";
          case "object" -> "Map";
          default -> "JSON";
        };
  }

  private static String label(Place place) {
    String title = place.schema().title();
    if (title != null && !place.name().isEmpty()) {
      return title;
    }
    String words = place.name().replace('_', ' ');
    return words.isEmpty() ? "Value" : Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static String placeholder(Place place, Shape shape) {
    Object example = place.schema().get("example");
    if (example != null) {
      return example instanceof String text ? text : Json.write(example);
    }
    String format = String.valueOf(shape.schema().format());
    return switch (format) {
      case "date" -> "2026-01-31";
      case "date-time" -> "2026-01-31T12:00:00Z";
      case "duration" -> "PT5M";
      case "time-delta" -> "seconds, such as 300";
      default -> "";
    };
  }
}
