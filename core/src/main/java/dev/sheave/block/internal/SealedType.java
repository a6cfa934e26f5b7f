package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.BlockField.LocalPath;
import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The records that a sealed interface permits; the key {@value #DISCRIMINATOR} tells which one it
 * is: its simple name, in lower case with dashes.
 */
final class SealedType extends ValueType {
  static final String DISCRIMINATOR = "type";

  private final Map<String, RecordType> variants;

  SealedType(Map<String, RecordType> variants) {
    this.variants = variants;
  }

  @Override
  public Object read(Object json, String path, ReadContext context) {
    if (!(json instanceof Map<?, ?> map)) {
      throw wrong(json, path);
    }
    Map<String, @Nullable Object> values = new LinkedHashMap<>(Json.asObject(map));
    Object given = values.remove(DISCRIMINATOR);
    RecordType variant = given instanceof String name ? variants.get(name) : null;
    if (variant == null) {
      throw new SheaveException(
          Code.INVALID,
          EnumType.notOneOf(
              path + "." + DISCRIMINATOR, variants.keySet(), given, mayHoldSecrets()));
    }
    return variant.read(values, path, context);
  }

  /** Returns the name of a variant. */
  static String nameOf(Class<?> variant) {
    return FieldModel.snakeCase(variant.getSimpleName()).replace('_', '-').toLowerCase(Locale.ROOT);
  }

  /** Returns which variant a record is. */
  Optional<String> nameOf(Object value) {
    return variants.entrySet().stream()
        .filter(variant -> variant.getValue().model().type().isInstance(value))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  @Override
  public Map<String, @Nullable Object> schema(Definitions definitions) {
    List<Object> references = new ArrayList<>();
    Map<String, @Nullable Object> mapping = new LinkedHashMap<>();
    variants.forEach(
        (name, variant) -> {
          ObjectModel model = variant.model();
          Map<String, @Nullable Object> reference =
              definitions.reference(
                  model.type(),
                  () -> {
                    Map<String, @Nullable Object> schema = model.schema(definitions);
                    Map<String, @Nullable Object> properties = new LinkedHashMap<>();
                    properties.put(
                        DISCRIMINATOR,
                        Json.object("title", "Type", "enum", List.of(name), "type", "string"));
                    properties.putAll(
                        Json.asObject(
                            (Map<?, ?>) Objects.requireNonNull(schema.get("properties"))));
                    schema.put("properties", properties);
                    return schema;
                  });
          references.add(reference);
          mapping.put(name, reference.get("$ref"));
        });
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("discriminator", Json.object("propertyName", DISCRIMINATOR, "mapping", mapping));
    schema.put("oneOf", references);
    return schema;
  }

  @Override
  public String expectation() {
    return "an object";
  }

  @Override
  void findSecretPaths(String path, SecretPaths secretPaths) {
    variants.values().forEach(variant -> variant.findSecretPaths(path, secretPaths));
  }

  /** The fields of all variants, and the discriminator. */
  @Override
  public Map<String, FieldModel> innerFields() {
    Map<String, FieldModel> fields = new LinkedHashMap<>();
    fields.put(
        DISCRIMINATOR,
        new FieldModel(
            DISCRIMINATOR,
            "Type",
            "",
            "",
            Objects.requireNonNull(Scalars.of(String.class)),
            FieldModel.Presence.REQUIRED,
            null,
            LocalPath.NO,
            null));
    variants.values().forEach(variant -> variant.innerFields().forEach(fields::putIfAbsent));
    return fields;
  }

  @Override
  public @Nullable Object unknownParts(Object json) {
    if (json instanceof Map<?, ?> map
        && map.get(DISCRIMINATOR) instanceof String name
        && variants.get(name) != null) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>(Json.asObject(map));
      values.remove(DISCRIMINATOR);
      if (Objects.requireNonNull(variants.get(name)).unknownParts(values)
          instanceof Map<?, ?> found) {
        Map<String, @Nullable Object> unknown = new LinkedHashMap<>(Json.asObject(found));
        unknown.put(DISCRIMINATOR, name);
        return unknown;
      }
    }
    return null;
  }

  /** Parts that one variant doesn't know don't belong to another one. */
  @Override
  public void putBack(Object json, Object unknown) {
    if (json instanceof Map<?, ?> map
        && unknown instanceof Map<?, ?> parts
        && parts.get(DISCRIMINATOR) instanceof String name
        && name.equals(map.get(DISCRIMINATOR))) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>(Json.asObject(parts));
      values.remove(DISCRIMINATOR);
      Objects.requireNonNull(variants.get(name)).putBack(json, values);
    }
  }
}
