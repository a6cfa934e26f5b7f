package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks arguments of public methods. */
public final class Arguments {
  private Arguments() {}

  /**
   * Returns an argument that must not be null.
   *
   * @param what names it, to start a sentence: {@code A block reference}
   * @throws SheaveException {@code INVALID} if it is null
   */
  public static <T> T require(@Nullable T argument, String what) {
    if (argument == null) {
      throw new SheaveException(Code.INVALID, what + " must not be null.");
    }
    return argument;
  }

  /**
   * Returns an argument that must not be null.
   *
   * @param parameter the name of the parameter or setting
   * @throws SheaveException {@code INVALID} if it is null
   */
  public static <T> T notNull(@Nullable T argument, String parameter) {
    return require(argument, "'" + parameter + "'");
  }

  /**
   * Returns an unmodifiable copy of a collection that must have no nulls.
   *
   * @param parameter the name of the parameter or setting
   * @throws SheaveException {@code INVALID} if it or one of its elements is null
   */
  public static <T> List<T> noneNull(@Nullable Iterable<? extends T> values, String parameter) {
    List<T> copy = new ArrayList<>();
    for (T value : notNull(values, parameter)) {
      copy.add(notNull(value, parameter + "[" + copy.size() + "]"));
    }
    return Collections.unmodifiableList(copy);
  }
}
