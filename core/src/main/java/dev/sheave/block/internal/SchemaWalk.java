package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretMap;
import dev.sheave.block.internal.ParameterSchema.BlockPlace;
import dev.sheave.block.internal.ParameterSchema.Places;
import dev.sheave.internal.Json;
import dev.sheave.internal.Suggestions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** A walk through a JSON value and its schema. Not safe for use by several threads. */
final class SchemaWalk {
  private final Map<String, @Nullable Object> document;
  private final Places places;
  private final Problems problems;

  SchemaWalk(Map<String, @Nullable Object> document, Places places, Problems problems) {
    this.document = document;
    this.places = places;
    this.problems = problems;
  }

  /** Returns the JSON value that a text stands for, as {@link ValueType#fromText} does. */
  @Nullable Object fromText(String text, String path, SchemaPart part) {
    boolean isText =
        part.isType("string")
            || part.get("enum") != null
            || "time-delta".equals(part.get("format"));
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
  Object check(Object value, String path, SchemaPart part) {
    if (part.isSecret()) {
      return secret(revealed(value), path, part);
    }
    BlockPlace block = part.blockPlace();
    if (block != null) {
      return block(value instanceof Block given ? json(given) : value, path, block);
    }
    if (value instanceof Secret || value instanceof SecretMap) {
      problems.add(message(JavaToJson.inTheClear(path)));
      return value;
    }
    if (value instanceof Block) {
      problems.add("'" + path + "' can't be a block; it must be " + part.expectation() + ".");
      return value;
    }
    if (part.get("discriminator") instanceof Map<?, ?> discriminator) {
      return variant(value, path, part, Json.asObject(discriminator));
    }
    List<SchemaPart> choices = part.choices();
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
      String id = block.identity().get().id().toString();
      return Json.asObject(Map.of("$ref", Map.of("block_document_id", id)));
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
    values.put(ParameterSchema.BLOCK_TYPE, block.slug());
    return values;
  }

  private Object secret(Object value, String path, SchemaPart part) {
    if (part.isSecretPlace() && ParameterSchema.isSecretReference(value)) {
      return places.secret(value, path);
    }
    if (part.isType("object") ? !(value instanceof Map) : !(value instanceof String)) {
      problems.add(message(ParameterSchema.wrong(path, part.expectation(), value, true)));
      return value;
    }
    if (value instanceof String text && Secret.isMask(text)) {
      problems.add(
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
      problems.add(message(ParameterSchema.wrong(path, NestedBlockType.EXPECTATION, value, true)));
      return value;
    }
    return places.block(value, path, place);
  }

  /** The key of a discriminator says which of several schemas holds. */
  private Object variant(
      Object value, String path, SchemaPart part, Map<String, @Nullable Object> discriminator) {
    if (!(value instanceof Map<?, ?> map)) {
      problems.add(message(ParameterSchema.wrong(path, "an object", value, true)));
      return value;
    }
    String key = String.valueOf(discriminator.get("propertyName"));
    Map<String, @Nullable Object> variants = SchemaPart.object(discriminator.get("mapping"));
    Object name =
        map instanceof RecordJson json && key.equals(SealedType.DISCRIMINATOR)
            ? json.variant()
            : map.get(key);
    if (!(name instanceof String text) || !variants.containsKey(text)) {
      problems.add(EnumType.notOneOf(path + "." + key, variants.keySet(), name, true));
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

  private Object choice(Object value, String path, List<SchemaPart> choices) {
    List<Problems> found = new ArrayList<>();
    for (SchemaPart each : choices) {
      Problems own = new Problems();
      Object checked = new SchemaWalk(document, Places.UNTOUCHED, own).check(value, path, each);
      if (own.isEmpty()) {
        return new SchemaWalk(document, places, problems).check(checked, path, each);
      }
      found.add(own);
    }
    problems.add(
        found.size() == 1
            ? found.get(0).toString()
            : "'"
                + path
                + "' must be "
                + String.join(
                    " or ", choices.stream().map(SchemaPart::expectation).distinct().toList())
                + ", not "
                + ValueType.describe(value, choices.stream().anyMatch(SchemaPart::isSecret))
                + ".");
    return value;
  }

  private boolean isAllowed(Object value, String path, SchemaPart part) {
    Object allowed = part.get("const") == null ? part.get("enum") : List.of(part.get("const"));
    if (!(allowed instanceof Collection<?> all)) {
      return true;
    }
    if (all.stream().anyMatch(each -> isSame(each, value))) {
      return true;
    }
    problems.add(EnumType.notOneOf(path, SchemaPart.texts(all), value, false));
    return false;
  }

  private static boolean isSame(@Nullable Object allowed, Object value) {
    return allowed instanceof Number && value instanceof Number
        ? Objects.equals(Json.canonical(allowed), Json.canonical(value))
        : Objects.equals(allowed, value);
  }

  private boolean isOfType(Object value, String path, SchemaPart part) {
    ValueType scalar = Scalars.ofSchema(part.get("type"), part.get("format"));
    SheaveException wrong = null;
    if (scalar != null) {
      try {
        scalar.read(value, path, ReadContext.STRICT);
      } catch (SheaveException e) {
        wrong = e;
      }
    } else if (part.isType("array") && !(value instanceof List)
        || part.isType("object") && !(value instanceof Map)) {
      wrong = ParameterSchema.wrong(path, part.expectation(), value, holdsSecrets(part));
    }
    if (wrong != null) {
      problems.add(message(wrong));
    }
    return wrong == null;
  }

  /** Whether a value may be a secret that was put there in the wrong shape. */
  private static boolean holdsSecrets(SchemaPart part) {
    return part.json().toString().contains("writeOnly")
        || part.json().toString().contains(ParameterSchema.BLOCK_TYPE)
        || part.json().toString().contains("#/definitions/");
  }

  private void checkBounds(Object value, String path, SchemaPart part) {
    if (value instanceof Number number) {
      BigDecimal given = new BigDecimal(number.toString());
      bound(path, part, "minimum", "%s or more", value, given, (sign) -> sign >= 0);
      bound(path, part, "maximum", "%s or less", value, given, (sign) -> sign <= 0);
      bound(path, part, "exclusiveMinimum", "more than %s", value, given, (sign) -> sign > 0);
      bound(path, part, "exclusiveMaximum", "less than %s", value, given, (sign) -> sign < 0);
    }
    if (value instanceof String text) {
      BigDecimal length = BigDecimal.valueOf(text.codePointCount(0, text.length()));
      bound(path, part, "minLength", "%s characters or more", value, length, sign -> sign >= 0);
      bound(path, part, "maxLength", "%s characters or less", value, length, sign -> sign <= 0);
      if (part.get("pattern") instanceof String pattern && !matches(pattern, text)) {
        problems.add(
            message(ParameterSchema.wrong(path, "like the pattern " + pattern, value, false)));
      }
    }
    if (value instanceof List<?> list) {
      BigDecimal size = BigDecimal.valueOf(list.size());
      bound(path, part, "minItems", "a list of %s or more", value, size, sign -> sign >= 0);
      bound(path, part, "maxItems", "a list of %s or less", value, size, sign -> sign <= 0);
    }
  }

  private void bound(
      String path,
      SchemaPart part,
      String keyword,
      String expectation,
      Object value,
      BigDecimal given,
      java.util.function.IntPredicate isGood) {
    if (part.get(keyword) instanceof Number limit
        && !isGood.test(given.compareTo(new BigDecimal(limit.toString())))) {
      Object shown = value instanceof List ? given : value;
      problems.add(
          message(ParameterSchema.wrong(path, String.format(expectation, limit), shown, false)));
    }
  }

  /** A pattern of another language's own lets everything through. */
  private static boolean matches(String pattern, String text) {
    try {
      return Pattern.compile(pattern).matcher(text).find();
    } catch (PatternSyntaxException e) {
      return true;
    }
  }

  private List<@Nullable Object> list(List<?> list, String path, SchemaPart part) {
    List<@Nullable Object> checked = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      // a list of schemas is one for each element
      Object items =
          part.get("items") instanceof List<?> each
              ? i < each.size() ? each.get(i) : null
              : part.get("items");
      checked.add(inner(list.get(i), path + "[" + i + "]", part.part(items)));
    }
    return checked;
  }

  private Map<String, @Nullable Object> object(
      Map<String, @Nullable Object> value, String path, SchemaPart part) {
    Map<String, @Nullable Object> fields = SchemaPart.object(part.get("properties"));
    Object others = part.get("additionalProperties");
    Map<String, @Nullable Object> checked = new LinkedHashMap<>();
    value.forEach(
        (key, each) -> {
          String at = path + "." + key;
          if (!fields.containsKey(key) && Boolean.FALSE.equals(others)) {
            problems.add(
                "There is no field '" + at + "'." + Suggestions.hint(key, fields.keySet()));
          } else {
            checked.put(key, inner(each, at, part.part(fields.getOrDefault(key, others))));
          }
        });
    for (String key : SchemaPart.texts(part.get("required"))) {
      if (value.get(key) == null) {
        problems.add(
            "'"
                + path
                + "."
                + key
                + "' is missing; it must be "
                + part.part(fields.get(key)).expectation()
                + ".");
      }
    }
    return checked;
  }

  /** Null stands for what isn't there; some schemas don't tell where it may be. */
  private @Nullable Object inner(@Nullable Object value, String path, SchemaPart part) {
    if (value != null) {
      return check(value, path, part);
    }
    if (Boolean.FALSE.equals(part.get("nullable"))) {
      problems.add(message(ParameterSchema.wrong(path, part.expectation(), null, true)));
    }
    return null;
  }

  private static String message(SheaveException problem) {
    return problem.getMessage();
  }
}
