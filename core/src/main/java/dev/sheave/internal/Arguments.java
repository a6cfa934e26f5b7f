package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks the arguments of the API: a null where none is allowed is said with the argument's name.
 */
public final class Arguments {
  private Arguments() {}

  /**
   * Returns an argument.
   *
   * @param name the parameter's name
   * @throws SheaveException {@code INVALID} if it is null
   */
  public static <T> T require(@Nullable T value, String name) {
    if (value == null) {
      throw new SheaveException(Code.INVALID, "'" + name + "' must not be null.");
    }
    return value;
  }

  /**
   * Returns an unmodifiable copy of a list, set or array.
   *
   * @param name the parameter's name
   * @throws SheaveException {@code INVALID} if it or one of its elements is null
   */
  public static <T> List<T> requireAll(@Nullable Iterable<? extends T> values, String name) {
    List<T> copy = new ArrayList<>();
    for (T value : require(values, name)) {
      copy.add(require(value, name + "[" + copy.size() + "]"));
    }
    return Collections.unmodifiableList(copy);
  }
}
