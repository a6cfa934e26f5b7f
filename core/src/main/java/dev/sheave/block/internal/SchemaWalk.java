package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretMap;
import dev.sheave.block.internal.ParameterSchema.Places;
import dev.sheave.internal.DocumentReference;
import dev.sheave.internal.Json;
import dev.sheave.internal.JsonSchema;
import dev.sheave.internal.JsonSchema.BlockPlace;
import dev.sheave.internal.Suggestions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A walk through a JSON value and its schema. Not safe for use by several threads. */
final class SchemaWalk {
  private final Places places;
  private final Problems problems;
  private final SchemaKeywords keywords;

  /** What keywords forbid that this walk doesn't read. */
  private final Problems unread;

  /** The choices that are being tried, by path: a schema may be a choice of its own. */
  private final Set<Map.Entry<String, JsonSchema>> open;

  SchemaWalk(Places places, Problems problems) {
    this(places, problems, SchemaKeywords.UNREAD, new Problems());
  }

  SchemaWalk(Places places, Problems problems, SchemaKeywords keywords, Problems unread) {
    this(places, problems, keywords, unread, new HashSet<>());
  }

  private SchemaWalk(
      Places places,
      Problems problems,
      SchemaKeywords keywords,
      Problems unread,
      Set<Map.Entry<String, JsonSchema>> open) {
    this.places = places;
    this.problems = problems;
    this.keywords = keywords;
    this.unread = unread;
    this.open = open;
  }

  /** Returns the JSON value that a text stands for, as {@link ValueType#fromText} does. */
  @Nullable Object fromText(String text, String path, JsonSchema part) {
    boolean isText =
        part.isType("string") || part.get("enum") != null || "time-delta".equals(part.format());
    boolean isBlock = part.blockPlace() != null || part.isSecret();
    if (isText || isBlock && !text.stripLeading().startsWith("{")) {
      return text;
    }
    try {
      return Json.parse(text, path);
    } catch (SheaveException e) {
      return text; // which is wrong unless any value will do
    }
  }

  /** Checks a value, and returns it with other values in the places of secrets and blocks. */
  Object check(Object value, String path, JsonSchema part) {
    if (part.isSecret()) {
      return secret(revealed(value), path, part);
    }
    BlockPlace block = part.blockPlace();
    if (block != null) {
      return block(value instanceof Block given ? json(given) : value, path, block);
    }
    if (value instanceof Secret || value instanceof SecretMap) {
      problems.add(path, JavaToJson.inTheClear(path));
      return value;
    }
    if (value instanceof Block) {
      problems.add(path, "'" + path + "' can't be a block; it must be " + expectation(part) + ".");
      return value;
    }
    part.unread().forEach(schema -> keywords.check(schema, value, path, unread));
    checkFormat(value, path, part);
    if (part.get("discriminator") instanceof Map<?, ?> discriminator) {
      return variant(value, path, part, Json.asObject(discriminator));
    }
    List<JsonSchema> choices = part.choices();
    if (!choices.isEmpty()) {
      return choice(value, path, choices);
    }
    if (!isAllowed(value, path, part) || !isOfType(value, path, part)) {
      return value;
    }
    checkBounds(value, path, part);
    if (value instanceof List<?> list) {
      return list(list, path, part);
    }
    return value instanceof Map<?, ?> map ? object(Json.asObject(map), path, part) : value;
  }

  private static Object revealed(Object value) {
    return value instanceof Secret secret
        ? secret.reveal()
        : value instanceof SecretMap secrets ? secrets.reveal() : value;
  }

  /** A saved block by its id, another by its values. */
  private static Map<String, @Nullable Object> json(Block block) {
    if (block.identity().isPresent()) {
      return DocumentReference.to(block.identity().get().id());
    }
    Map<String, @Nullable Object> values =
        JavaToJson.write(
            block,
            new JavaToJson.Context() {
              @Override
              public Object secret(Secret secret, String path) {
                return secret.reveal();
              }

              @Override
              public Object block(Block inner, String path) {
                return json(inner);
              }
            });
    values.put(JsonSchema.BLOCK_TYPE, block.slug());
    return values;
  }

  private Object secret(Object value, String path, JsonSchema part) {
    if (part.isSecretPlace() && ParameterSchema.isSecretReference(value)) {
      return places.secret(value, path);
    }
    if (part.isType("object") ? !(value instanceof Map) : !(value instanceof String)) {
      problems.add(path, ParameterSchema.wrong(path, expectation(part), value, true));
      return value;
    }
    if (value instanceof String text && Secret.isMask(text)) {
      problems.add(
          path,
          "'"
              + path
              + "' is a mask and not the secret itself; give the secret, or secret/NAME for one"
              + " that is saved.");
      return value;
    }
    return part.isSecretPlace() ? places.secret(value, path) : value;
  }

  private Object block(Object value, String path, BlockPlace place) {
    if (!ParameterSchema.isBlockReference(value) && !(value instanceof Map)) {
      problems.add(path, ParameterSchema.wrong(path, NestedBlockType.EXPECTATION, value, true));
      return value;
    }
    return places.block(value, path, place);
  }

  /** The key of a discriminator says which of several schemas holds. */
  private Object variant(
      Object value, String path, JsonSchema part, Map<String, @Nullable Object> discriminator) {
    if (!(value instanceof Map<?, ?> map)) {
      problems.add(path, ParameterSchema.wrong(path, "an object", value, true));
      return value;
    }
    String key = String.valueOf(discriminator.get("propertyName"));
    Map<String, @Nullable Object> variants =
        discriminator.get("mapping") instanceof Map<?, ?> mapping
            ? Json.asObject(mapping)
            : Map.of();
    Object name =
        map instanceof RecordJson json && key.equals(SealedType.DISCRIMINATOR)
            ? json.variant()
            : map.get(key);
    if (!(name instanceof String text) || !variants.containsKey(text)) {
      problems.add(
          path + "." + key, EnumType.notOneOf(path + "." + key, variants.keySet(), name, true));
      return value;
    }
    // the key is no field of the record that it stands for
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(Json.asObject(map));
    fields.remove(key);
    Map<String, @Nullable Object> checked = new LinkedHashMap<>();
    checked.put(key, name);
    checked.putAll(
        object(
            fields, path, part.part(Map.of("$ref", Objects.requireNonNull(variants.get(text))))));
    return checked;
  }

  private Object choice(Object value, String path, List<JsonSchema> choices) {
    List<Problems> found = new ArrayList<>();
    boolean isUnread = false;
    for (JsonSchema each : choices) {
      Map.Entry<String, JsonSchema> tried = Map.entry(path, each);
      if (!open.add(tried)) {
        continue;
      }
      Problems own = new Problems();
      Problems ownUnread = new Problems();
      Object checked =
          new SchemaWalk(Places.UNTOUCHED, own, keywords, ownUnread, open).check(value, path, each);
      Object accepted = null;
      if (own.isEmpty() && ownUnread.isEmpty()) {
        accepted = check(checked, path, each);
      }
      open.remove(tried);
      if (accepted != null) {
        return accepted;
      }
      isUnread |= own.isEmpty();
      found.add(own.isEmpty() ? ownUnread : own);
    }
    (isUnread ? unread : problems)
        .add(
            path,
            found.size() == 1
                ? found.get(0).toString()
                : "'"
                    + path
                    + "' must be "
                    + String.join(
                        " or ", choices.stream().map(SchemaWalk::expectation).distinct().toList())
                    + ", not "
                    + ValueType.describe(value, choices.stream().anyMatch(JsonSchema::isSecret))
                    + ".");
    return value;
  }

  private boolean isAllowed(Object value, String path, JsonSchema part) {
    List<@Nullable Object> allowed = part.allowed();
    if (allowed.isEmpty() || allowed.stream().anyMatch(each -> isSame(each, value))) {
      return true;
    }
    problems.add(path, EnumType.notOneOf(path, JsonSchema.texts(allowed), value, false));
    return false;
  }

  private static boolean isSame(@Nullable Object allowed, Object value) {
    return allowed instanceof Number && value instanceof Number
        ? Objects.equals(Json.canonical(allowed), Json.canonical(value))
        : Objects.equals(allowed, value);
  }

  private boolean isOfType(Object value, String path, JsonSchema part) {
    ValueType scalar = Scalars.ofSchema(part.get("type"), part.format());
    SheaveException wrong = null;
    if (scalar != null) {
      try {
        scalar.read(value, path, ReadContext.STRICT);
      } catch (SheaveException e) {
        wrong = e;
      }
    } else if (part.isType("array") && !(value instanceof List)
        || part.isType("object") && !(value instanceof Map)
        || part.isType("null")) {
      wrong = ParameterSchema.wrong(path, expectation(part), value, holdsSecrets(part));
    }
    if (wrong != null) {
      problems.add(path, wrong);
    }
    return wrong == null;
  }

  /** Whether a value may be a secret that was put there in the wrong shape. */
  private static boolean holdsSecrets(JsonSchema part) {
    String keywords = part.toString();
    return keywords.contains("writeOnly")
        || keywords.contains(JsonSchema.BLOCK_TYPE)
        || keywords.contains("$ref");
  }

  /** A format that reading the type doesn't look at. */
  private void checkFormat(Object value, String path, JsonSchema part) {
    String format = part.format();
    if (format != null && !Scalars.readsFormat(part.get("type"), format)) {
      keywords.check(Json.asObject(Map.of("format", format)), value, path, unread);
    }
  }

  /**
   * What is compared with bounds.
   *
   * @param shown stands for it in messages
   * @param size of a number itself, else how long it is
   */
  private record Measured(String path, JsonSchema part, Object shown, BigDecimal size) {}

  private void checkBounds(Object value, String path, JsonSchema part) {
    if (value instanceof Number number) {
      Measured itself = new Measured(path, part, value, new BigDecimal(number.toString()));
      bound(itself, "minimum", "%s or more", sign -> sign >= 0);
      bound(itself, "maximum", "%s or less", sign -> sign <= 0);
      bound(itself, "exclusiveMinimum", "more than %s", sign -> sign > 0);
      bound(itself, "exclusiveMaximum", "less than %s", sign -> sign < 0);
    }
    if (value instanceof String text) {
      int count = text.codePointCount(0, text.length());
      Measured length = new Measured(path, part, value, BigDecimal.valueOf(count));
      bound(length, "minLength", "%s characters or more", sign -> sign >= 0);
      bound(length, "maxLength", "%s characters or less", sign -> sign <= 0);
      if (part.get("pattern") instanceof String pattern && !JsonSchema.matches(pattern, text)) {
        problems.add(
            path, ParameterSchema.wrong(path, "like the pattern " + pattern, value, false));
      }
    }
    if (value instanceof List<?> list) {
      BigDecimal count = BigDecimal.valueOf(list.size());
      Measured length = new Measured(path, part, count, count);
      bound(length, "minItems", "a list of %s or more", sign -> sign >= 0);
      bound(length, "maxItems", "a list of %s or less", sign -> sign <= 0);
    }
  }

  private void bound(Measured value, String keyword, String expectation, IntPredicate isGood) {
    if (value.part().get(keyword) instanceof Number limit
        && !isGood.test(value.size().compareTo(new BigDecimal(limit.toString())))) {
      String expected = String.format(expectation, limit);
      problems.add(
          value.path(), ParameterSchema.wrong(value.path(), expected, value.shown(), false));
    }
  }

  private List<@Nullable Object> list(List<?> list, String path, JsonSchema part) {
    List<@Nullable Object> checked = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      checked.add(inner(list.get(i), path + "[" + i + "]", part.element(i)));
    }
    return checked;
  }

  private Map<String, @Nullable Object> object(
      Map<String, @Nullable Object> value, String path, JsonSchema part) {
    Map<String, @Nullable Object> checked = new LinkedHashMap<>();
    value.forEach(
        (key, each) -> {
          String at = path + "." + key;
          if (part.forbids(key)) {
            problems.add(
                at,
                "There is no field '" + at + "'." + Suggestions.hint(key, part.propertyNames()));
          } else {
            checked.put(key, inner(each, at, part.property(key)));
          }
        });
    for (String key : part.required()) {
      if (value.get(key) == null) {
        problems.add(
            path + "." + key,
            "'"
                + path
                + "."
                + key
                + "' is missing; it must be "
                + expectation(part.property(key))
                + ".");
      }
    }
    return checked;
  }

  /** Null stands for what isn't there; some schemas don't tell where it may be. */
  private @Nullable Object inner(@Nullable Object value, String path, JsonSchema part) {
    if (value != null) {
      return check(value, path, part);
    }
    if (Boolean.FALSE.equals(part.get("nullable"))) {
      problems.add(path, ParameterSchema.wrong(path, expectation(part), null, true));
    }
    return null;
  }

  /** Says what is expected, to end a sentence. */
  static String expectation(JsonSchema part) {
    if (part.isSecret()) {
      return part.isType("object") ? "an object" : SecretType.INSTANCE.expectation();
    }
    if (part.blockPlace() != null) {
      return NestedBlockType.EXPECTATION;
    }
    if (part.get("enum") instanceof Collection<?> allowed) {
      return "one of " + String.join(", ", JsonSchema.texts(allowed));
    }
    ValueType scalar = Scalars.ofSchema(part.get("type"), part.format());
    if (scalar != null) {
      return scalar.expectation();
    }
    return part.isType("array") ? "a list" : part.isType("null") ? "null" : "an object";
  }
}
