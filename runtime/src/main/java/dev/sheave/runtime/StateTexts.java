package dev.sheave.runtime;

import dev.sheave.api.State;
import dev.sheave.runtime.internal.Throwables;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Formats states for log lines, and results for states. */
final class StateTexts {
  /** A longer result isn't recorded. */
  private static final int MAX_RESULT = 1_000;

  private StateTexts() {}

  /**
   * Describes a state as the reference does: {@code Failed('why')}, {@code TimedOut('why',
   * type=FAILED)}.
   */
  static String describe(State state) {
    String message = state.message() == null ? "" : "'" + state.message() + "'";
    String type =
        state.name().equals(state.type().displayName())
            ? ""
            : (message.isEmpty() ? "" : ", ") + "type=" + state.type();
    return state.name() + "(" + message + type + ")";
  }

  /**
   * Returns a state's data for a flow's result, in the protocol's forms: a short string, number or
   * boolean itself, a short string for anything else, or a note that the result wasn't kept.
   */
  static Map<String, @Nullable Object> resultData(@Nullable Object result) {
    Object value;
    if (result == null
        || result instanceof Boolean
        || result instanceof Integer
        || result instanceof Long) {
      value = result;
    } else {
      value = text(result);
    }
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    if (value instanceof String text && text.length() > MAX_RESULT) {
      data.put("type", "unpersisted");
    } else {
      data.put("type", "literal");
      data.put("value", value);
    }
    return data;
  }

  private static String text(Object result) {
    try {
      return String.valueOf(result);
    } catch (RuntimeException
        | Error e) { // the flow has returned; how its result looks can't fail it
      return Throwables.describe(e);
    }
  }
}
