package dev.sheave.block.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists and sets of one element type. */
final class CollectionType extends ValueType {
  private final ElementType element;
  private final boolean isSet;

  CollectionType(ElementType element, boolean isSet) {
    this.element = element;
    this.isSet = isSet;
  }

  /** The type of the entries. */
  ElementType element() {
    return element;
  }

  @Override
  public Object read(Object json, String path, ReadContext context) {
    if (!(json instanceof List<?> list)) {
      throw wrong(json, path);
    }
    List<@Nullable Object> values = new ArrayList<>(list.size());
    Problems problems = new Problems();
    for (int i = 0; i < list.size(); i++) {
      Object each = list.get(i);
      String at = path + "[" + i + "]";
      values.add(problems.collect(() -> element.read(each, at, context)));
    }
    problems.throwIfAny();
    return isSet
        ? Collections.unmodifiableSet(new LinkedHashSet<>(values))
        : Collections.unmodifiableList(values);
  }

  @Override
  public Map<String, @Nullable Object> schema(Definitions definitions) {
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("type", "array");
    schema.put("items", element.schema(definitions));
    if (isSet) {
      schema.put("uniqueItems", true);
    }
    return schema;
  }

  @Override
  public String expectation() {
    return "a list";
  }

  @Override
  void findSecretPaths(String path, SecretPaths secretPaths) {
    element.type().findSecretPaths(path + ".*", secretPaths);
  }

  @Override
  public @Nullable Object unknownParts(Object json) {
    if (!(json instanceof List<?> list)) {
      return null;
    }
    List<@Nullable Object> unknown = new ArrayList<>();
    for (Object each : list) {
      unknown.add(each == null ? null : element.type().unknownParts(each));
    }
    return unknown.stream().allMatch(each -> each == null) ? null : unknown;
  }

  /** Elements of lists of different lengths can't be matched. */
  @Override
  public void putBack(Object json, Object unknown) {
    if (json instanceof List<?> list
        && unknown instanceof List<?> parts
        && list.size() == parts.size()) {
      for (int i = 0; i < list.size(); i++) {
        Object each = list.get(i);
        Object part = parts.get(i);
        if (each != null && part != null) {
          element.type().putBack(each, part);
        }
      }
    }
  }
}
