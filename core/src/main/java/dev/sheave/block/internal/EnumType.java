package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.BlockField;
import dev.sheave.internal.Suggestions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The constants of an enum, by their names in documents. */
final class EnumType extends ValueType {
  private final Class<?> type;
  private final Map<String, Object> constants = new LinkedHashMap<>();

  EnumType(Class<?> type) {
    this.type = type;
    for (Object constant : type.getEnumConstants()) {
      constants.put(nameOf((Enum<?>) constant), constant);
    }
  }

  /** The name in documents: the constant's own unless {@link BlockField} gives it another. */
  static String nameOf(Enum<?> constant) {
    try {
      BlockField described =
          constant.getDeclaringClass().getField(constant.name()).getAnnotation(BlockField.class);
      return described == null || described.name().isEmpty() ? constant.name() : described.name();
    } catch (NoSuchFieldException e) {
      throw new LinkageError("every constant is a field", e);
    }
  }

  @Override
  public Object read(Object json, String path, ReadContext context) {
    Object constant = json instanceof String name ? constants.get(name) : null;
    if (constant == null) {
      throw new SheaveException(Code.INVALID, notOneOf(path, constants.keySet(), json, false));
    }
    return constant;
  }

  /**
   * Says that a value isn't one of those there are.
   *
   * @param mayBeSecret whether the value isn't shown
   */
  static String notOneOf(
      String path, Collection<String> names, @Nullable Object given, boolean mayBeSecret) {
    return "'"
        + path
        + "' must be one of "
        + String.join(", ", names)
        + ", not "
        + describe(given, mayBeSecret)
        + "."
        + (given instanceof String name ? Suggestions.hint(name, names) : "");
  }

  @Override
  public Map<String, @Nullable Object> schema(Definitions definitions) {
    return definitions.reference(
        type,
        () -> {
          Map<String, @Nullable Object> schema = new LinkedHashMap<>();
          schema.put("title", type.getSimpleName());
          schema.put("description", "An enumeration.");
          schema.put("enum", List.copyOf(constants.keySet()));
          schema.put("type", "string");
          return schema;
        });
  }

  @Override
  public String expectation() {
    return "one of " + String.join(", ", constants.keySet());
  }

  @Override
  public List<String> choices() {
    return List.copyOf(constants.keySet());
  }

  @Override
  public Object fromText(String text, String path) {
    return text;
  }
}
