package dev.sheave.block.internal;

import dev.sheave.block.BlockSchema;
import dev.sheave.internal.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Blocks in blocks: by reference or inline. */
final class NestedBlockType extends ValueType {
  private final Class<?> expected;

  NestedBlockType(Class<?> expected) {
    this.expected = expected;
  }

  @Override
  public Object read(Object json, String path, ReadContext context) {
    if (json instanceof Map<?, ?> map) {
      return context.readBlock(expected, Json.asObject(map), path);
    }
    throw wrong(json, path);
  }

  @Override
  public @Nullable Object write(Object value, WriteContext context) {
    return context.block(value);
  }

  /** Returns a reference to the block's own schema, or any object where any block may stand. */
  @Override
  public Map<String, @Nullable Object> schema(Definitions definitions) {
    if (!BlockSchema.isConcrete(expected)) {
      Map<String, @Nullable Object> any = new LinkedHashMap<>();
      any.put("type", "object");
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
    return "a block";
  }

  @Override
  public void secretPaths(String path, Consumer<String> sink) {
    if (BlockSchema.isConcrete(expected)) {
      BlockSchema.of(expected).secretFields().forEach(inner -> sink.accept(path + "." + inner));
    }
  }

  /** The class or interface of the blocks. */
  Class<?> expected() {
    return expected;
  }
}
