package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Json;
import dev.sheave.internal.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in an object's JSON, as people write it: {@code field}, {@code field.inner} of a record,
 * {@code map.key}, where everything after the map's name is one key, dots and all.
 */
public final class FieldAddress {
  private final String text;
  private final List<String> steps;
  private final ValueType type;

  /** Whether null stands for a value there, rather than for none. */
  private final boolean keepsNull;

  private FieldAddress(String text, List<String> steps, ValueType type, boolean keepsNull) {
    this.text = text;
    this.steps = List.copyOf(steps);
    this.type = type;
    this.keepsNull = keepsNull;
  }

  /**
   * Finds a place.
   *
   * @throws SheaveException {@code INVALID}, with the nearest field, if there is no such place
   */
  public static FieldAddress of(ObjectModel model, String text) {
    List<String> steps = new ArrayList<>();
    ObjectModel at = model;
    String rest = text;
    while (true) {
      int dot = rest.indexOf('.');
      String name = dot < 0 ? rest : rest.substring(0, dot);
      FieldModel field = at.fields().get(name);
      if (field == null) {
        throw new SheaveException(
            Code.INVALID,
            "There is no field '"
                + text
                + "' in "
                + model.describe()
                + "."
                + Nearest.hint(name, at.fields().keySet()));
      }
      steps.add(name);
      if (dot < 0) {
        return new FieldAddress(text, steps, field.type(), false);
      }
      rest = rest.substring(dot + 1);
      if (field.type() instanceof MapType map) {
        steps.add(rest);
        return new FieldAddress(text, steps, map.element().type(), map.element().nullable());
      }
      if (field.type() instanceof SecretMapType || field.type() instanceof AnyType) {
        steps.add(rest);
        return new FieldAddress(text, steps, AnyType.INSTANCE, true);
      }
      if (!(field.type() instanceof RecordType record)) {
        throw new SheaveException(
            Code.INVALID,
            "There is nothing below '"
                + name
                + "' for '"
                + text
                + "' to name: it is "
                + field.type().expectation()
                + ".");
      }
      at = record.model();
    }
  }

  /**
   * Returns the leaves of a value there, by their own addresses: maps and records are taken apart,
   * so that setting them leaves the others.
   *
   * @throws SheaveException {@code INVALID} if the value is of the wrong type
   */
  public Map<String, @Nullable Object> leaves(ObjectModel model, @Nullable Object value) {
    Map<String, @Nullable Object> leaves = new LinkedHashMap<>();
    boolean isContainer =
        steps.size() == 1 && (type instanceof MapType || type instanceof SecretMapType)
            || type instanceof RecordType;
    if (isContainer && value instanceof Map<?, ?> map) {
      Json.asObject(map)
          .forEach(
              (key, each) -> {
                String inner = text + "." + key;
                leaves.putAll(of(model, inner).leaves(model, each));
              });
    } else {
      leaves.put(text, convert(value));
    }
    return leaves;
  }

  /** Returns the JSON value that somebody meant: texts are converted where none is expected. */
  private @Nullable Object convert(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    Object json = value;
    if (value instanceof String given) {
      json = type.fromText(given, text);
    } else if (type == Scalars.of(String.class)
        && (value instanceof Number || value instanceof Boolean)) {
      json = value.toString();
    }
    // blocks are read when the whole is
    if (json != null && !type.holdsBlocks()) {
      type.read(json, text, ReadContext.STRICT);
    }
    return json;
  }

  /**
   * Sets the value there.
   *
   * @param data the object's JSON, changed by this
   * @param value a JSON value, or a text to be converted; null for none
   * @throws SheaveException {@code INVALID} if the value is of the wrong type
   */
  public void set(Map<String, @Nullable Object> data, @Nullable Object value) {
    Map<String, @Nullable Object> at = data;
    for (String step : steps.subList(0, steps.size() - 1)) {
      if (!(at.get(step) instanceof Map<?, ?>)) {
        at.put(step, new LinkedHashMap<String, @Nullable Object>());
      }
      at = Json.asObject((Map<?, ?>) Objects.requireNonNull(at.get(step)));
    }
    String last = steps.get(steps.size() - 1);
    Object converted = convert(value);
    if (converted == null && !keepsNull) {
      at.remove(last);
    } else {
      at.put(last, converted);
    }
  }
}
