package dev.sheave.block.internal;

import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Blocks of the classes that a sealed interface permits; their slugs tell them apart. */
final class BlockUnionType extends ValueType {
  private final Class<?> union;
  private final List<NestedBlockType> variants;

  BlockUnionType(Class<?> union, List<NestedBlockType> variants) {
    this.union = union;
    this.variants = variants;
  }

  @Override
  public Object read(Object json, String path, ReadContext context) {
    if (json instanceof Map<?, ?> map) {
      return context.readBlock(union, Json.asObject(map), path);
    }
    throw wrong(json, path);
  }

  @Override
  public @Nullable Object write(Object value, WriteContext context) {
    return context.block(value);
  }

  @Override
  public Map<String, @Nullable Object> schema(Definitions definitions) {
    List<Object> references = new ArrayList<>();
    variants.forEach(variant -> references.add(variant.schema(definitions)));
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("anyOf", references);
    return schema;
  }

  @Override
  public String expectation() {
    return "a block";
  }

  @Override
  public void secretPaths(String path, Consumer<String> sink) {
    variants.forEach(variant -> variant.secretPaths(path, sink));
  }

  /** The types of the blocks there may be. */
  List<NestedBlockType> variants() {
    return variants;
  }
}
