package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.internal.FieldModel.Presence;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.Json;
import dev.sheave.internal.Suggestions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The address of a place in an object's JSON, as users write it: {@code field}, {@code field.inner}
 * of a record, {@code list[0]}, {@code list[0].inner}, {@code map.key}, where everything after the
 * map's name is one key, including dots.
 */
public final class FieldAddress {
  private final String text;

  /** A string for the key of a field or a map, an {@link Integer} for the index in a list. */
  private final List<Object> steps;

  private final ValueType type;

  /** Whether null is a value there, rather than removing it. */
  private final boolean keepsNull;

  /** The field that is named, if it isn't something inside of one. */
  private final @Nullable FieldModel field;

  private FieldAddress(
      String text,
      List<Object> steps,
      ValueType type,
      boolean keepsNull,
      @Nullable FieldModel field) {
    this.text = text;
    this.steps = List.copyOf(steps);
    this.type = type;
    this.keepsNull = keepsNull;
    this.field = field;
  }

  /**
   * Parses an address.
   *
   * @throws SheaveException {@code INVALID}, with the nearest field, if the place doesn't exist
   */
  public static FieldAddress of(ObjectModel model, String text) {
    List<Object> steps = new ArrayList<>();
    Map<String, FieldModel> fields = model.fields();
    String rest = Arguments.require(text, "The name of a field");
    while (true) {
      String name = firstName(rest);
      FieldModel field = fields.get(name);
      if (field == null) {
        throw new SheaveException(
            Code.INVALID,
            model.describe()
                + " has no field '"
                + text
                + "'."
                + Suggestions.hint(name, fields.keySet()));
      }
      steps.add(name);
      rest = rest.substring(name.length());
      ElementType at = new ElementType(field.type(), field.presence() != Presence.REQUIRED);
      while (rest.startsWith("[")) {
        int close = rest.indexOf(']');
        steps.add(index(text, close < 0 ? "" : rest.substring(1, close)));
        at = elementOf(at.type(), text);
        rest = rest.substring(close + 1);
      }
      if (rest.isEmpty()) {
        return new FieldAddress(text, steps, at.type(), at.nullable(), field);
      }
      rest = rest.substring(1);
      if (at.type() instanceof MapType map) {
        steps.add(rest);
        return new FieldAddress(text, steps, map.element().type(), map.element().nullable(), null);
      }
      if (at.type() instanceof SecretMapType || at.type() instanceof AnyType) {
        steps.add(rest);
        return new FieldAddress(text, steps, AnyType.INSTANCE, true, null);
      }
      fields = at.type().innerFields();
      if (fields.isEmpty()) {
        throw new SheaveException(
            Code.INVALID,
            "'"
                + name
                + "' must be "
                + at.type().expectation()
                + ", so '"
                + text
                + "' doesn't exist.");
      }
    }
  }

  /** Returns the name of the field that an address starts with. */
  public static String firstName(String address) {
    int end = 0;
    while (end < address.length() && address.charAt(end) != '.' && address.charAt(end) != '[') {
      end++;
    }
    return address.substring(0, end);
  }

  private static Integer index(String text, String digits) {
    if (!digits.matches("[0-9]{1,6}")) {
      throw new SheaveException(
          Code.INVALID,
          "'" + text + "' isn't an entry of a list; write its index, such as list[0].");
    }
    return Integer.valueOf(digits);
  }

  private static ElementType elementOf(ValueType type, String text) {
    if (type instanceof CollectionType list) {
      return list.element();
    }
    if (type instanceof AnyType) {
      return new ElementType(type, true);
    }
    throw new SheaveException(
        Code.INVALID,
        "'" + text + "' is an entry of a list, but the field must be " + type.expectation() + ".");
  }

  /**
   * Returns the leaves of a value at this place, by address: maps and records are split, so that
   * setting some entries keeps the others.
   *
   * @throws SheaveException {@code INVALID} if the value is of the wrong type
   */
  public Map<String, @Nullable Object> leaves(ObjectModel model, @Nullable Object given) {
    Object value = JavaToJson.convert(given, text, type, JavaToJson.IN_THE_CLEAR);
    if (steps.stream().anyMatch(Integer.class::isInstance)) {
      throw new SheaveException(
          Code.INVALID, "'" + text + "' can't be set alone here; set the whole list.");
    }
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
      leaves.put(text, check(value));
    }
    return leaves;
  }

  /** Converts a value to the JSON value that the field expects; strings are parsed if needed. */
  private @Nullable Object check(@Nullable Object value) {
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
    return field == null ? json : field.resolved(json);
  }

  /** Sets the value to a JSON value, or a string to be converted; null to clear it. */
  public void set(Map<String, @Nullable Object> data, @Nullable Object value) {
    set(data, value, JavaToJson.IN_THE_CLEAR);
  }

  /**
   * Sets the value at this place.
   *
   * @param data the object's JSON, changed by this
   * @param value a Java or JSON value, or a string to be converted; null to clear it
   * @param context converts secrets and blocks
   * @throws SheaveException {@code INVALID} if the value is of the wrong type
   */
  public void set(
      Map<String, @Nullable Object> data, @Nullable Object value, JavaToJson.Context context) {
    Object at = data;
    for (int i = 0; i < steps.size() - 1; i++) {
      Object inner = get(at, steps.get(i));
      // a copy, since the existing value may be shared
      Object copy =
          steps.get(i + 1) instanceof Integer
              ? new ArrayList<@Nullable Object>(inner instanceof List<?> list ? list : List.of())
              : new LinkedHashMap<String, @Nullable Object>(
                  inner instanceof Map<?, ?> map ? Json.asObject(map) : Map.of());
      put(at, steps.get(i), copy);
      at = copy;
    }
    Object last = steps.get(steps.size() - 1);
    Object converted = check(JavaToJson.convert(value, text, type, context));
    if (converted != null || keepsNull) {
      put(at, last, converted);
    } else if (at instanceof Map<?, ?> map) {
      map.remove(last);
    } else if (at instanceof List<?> list && get(at, last) != null) {
      list.remove(((Integer) last).intValue());
    }
  }

  private @Nullable Object get(Object container, Object step) {
    if (container instanceof List<?> list && step instanceof Integer index) {
      if (index > list.size()) {
        throw new SheaveException(
            Code.INVALID,
            "'"
                + text
                + "' leaves a gap: the list has "
                + list.size()
                + (list.size() == 1 ? " entry" : " entries")
                + ", so the next index is "
                + list.size()
                + ".");
      }
      return index < list.size() ? list.get(index) : null;
    }
    return ((Map<?, ?>) container).get(step);
  }

  @SuppressWarnings("unchecked") // containers of JSON values, made here or by who reads JSON
  private void put(Object container, Object step, @Nullable Object value) {
    if (step instanceof Integer index) {
      List<@Nullable Object> list = (List<@Nullable Object>) container;
      get(list, index);
      if (index == list.size()) {
        list.add(value);
      } else {
        list.set(index, value);
      }
    } else {
      ((Map<String, @Nullable Object>) container).put((String) step, value);
    }
  }
}
