package dev.sheave.block.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Blocks of the classes that a sealed interface permits; their slugs distinguish them. */
final class BlockUnionType extends ValueType {
  private final Class<?> union;
  private final List<NestedBlockType> variants;

  BlockUnionType(Class<?> union, List<NestedBlockType> variants) {
    this.union = union;
    this.variants = variants;
  }

  @Override
  public Object read(Object json, String path, ReadContext context) {
    return NestedBlockType.read(this, union, json, path, context);
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
    return NestedBlockType.EXPECTATION;
  }

  @Override
  void findSecretPaths(String path, SecretPaths secretPaths) {
    variants.forEach(variant -> variant.findSecretPaths(path, secretPaths));
  }

  @Override
  public @Nullable Object fromText(String text, String path) {
    return NestedBlockType.referenceOrJson(text, () -> super.fromText(text, path));
  }
}
