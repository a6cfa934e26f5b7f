package dev.sheave.block.internal;

import dev.sheave.block.BlockSchema;
import dev.sheave.internal.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Blocks in blocks: by reference or inline. */
final class NestedBlockType extends ValueType {
  static final String EXPECTATION = "a block: 'type/name', or an object with its values";

  private static final Pattern REFERENCE = Pattern.compile("[a-z0-9-]+/[a-z0-9-]+");

  private final Class<?> expected;

  NestedBlockType(Class<?> expected) {
    this.expected = expected;
  }

  /** Whether a text may be {@code type/name}. */
  static boolean isReference(String text) {
    return REFERENCE.matcher(text).matches();
  }

  @Override
  public Object read(Object json, String path, ReadContext context) {
    return read(this, expected, json, path, context);
  }

  /** Reads a block of a class; users write {@code type/name} for a saved one. */
  static Object read(
      ValueType type, Class<?> expected, Object json, String path, ReadContext context) {
    if (json instanceof Map<?, ?> map) {
      return context.readBlock(expected, Json.asObject(map), path);
    }
    // anything else may be a secret that came to the wrong place, and isn't repeated in an error
    if (json instanceof String reference && isReference(reference)) {
      return context.readBlock(expected, Map.of("$ref", reference), path);
    }
    throw type.wrong(json, path);
  }

  @Override
  public @Nullable Object fromText(String text, String path) {
    return referenceOrJson(text, () -> super.fromText(text, path));
  }

  static @Nullable Object referenceOrJson(String text, Supplier<@Nullable Object> json) {
    return text.stripLeading().startsWith("{") ? json.get() : text;
  }

  /** Returns a reference to the block's own schema, or any object where any block may stand. */
  @Override
  public Map<String, @Nullable Object> schema(Definitions definitions) {
    if (!BlockSchema.isConcrete(expected)) {
      Map<String, @Nullable Object> any = new LinkedHashMap<>();
      any.put("type", "object");
      if (definitions.isExact()) {
        any.put(
            ParameterSchema.BLOCK_CAPABILITIES, List.copyOf(BlockSchema.capabilitiesOf(expected)));
      }
      return any;
    }
    return definitions.reference(
        expected,
        () -> {
          Map<String, @Nullable Object> schema =
              new LinkedHashMap<>(BlockSchema.of(expected).fields());
          if (schema.remove("definitions") instanceof Map<?, ?> nested) {
            definitions.addAll(Json.asObject(nested));
          }
          return schema;
        });
  }

  @Override
  public String expectation() {
    return EXPECTATION;
  }

  @Override
  void findSecretPaths(String path, SecretPaths secretPaths) {
    secretPaths.addBlocks(path, List.of(expected));
    if (BlockSchema.isConcrete(expected)) {
      BlockSchema.of(expected)
          .secretFields()
          .forEach(inner -> secretPaths.addSecret(path + "." + inner));
    }
  }
}
