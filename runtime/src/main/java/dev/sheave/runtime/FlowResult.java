package dev.sheave.runtime;

import dev.sheave.SheaveException;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.block.internal.JavaToJson;
import dev.sheave.block.internal.ValueType;
import dev.sheave.block.internal.ValueTypes;
import dev.sheave.internal.Json;
import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a flow returned, on its way into the state that its run ends in: a JSON value in the
 * protocol's form for short results. What can't be kept, or not whole, is said in the state's
 * message, and the flow has completed all the same.
 */
final class FlowResult {

  private FlowResult() {}

  /**
   * Returns the state that a run ends in.
   *
   * @param flow the flow's method
   * @param value what it returned
   */
  static State completed(Method flow, @Nullable Object value) {
    State completed = State.of(StateType.COMPLETED);
    Object json;
    String text;
    try {
      json = JavaToJson.convert(value, "result", typeOf(flow), JavaToJson.IN_THE_CLEAR);
      text = Json.write(json);
    } catch (SheaveException e) {
      return notKept("The flow's result isn't kept: " + e.getMessage(), null);
    } catch (RuntimeException | Error e) { // of the value's own methods, which can't fail the flow
      return notKept(
          "The flow's result isn't kept: writing it as JSON failed with a "
              + e.getClass().getSimpleName()
              + ".",
          null);
    }
    if (text.length() > State.MAX_RESULT_CHARACTERS) {
      return notKept(
          "The flow's result is cut: it has "
              + text.length()
              + " characters as JSON, and the first "
              + State.MAX_RESULT_CHARACTERS
              + " are kept. Write large results to a storage block.",
          text.substring(0, State.MAX_RESULT_CHARACTERS));
    }
    return completed.withResult(json);
  }

  private static State notKept(String message, @Nullable String excerpt) {
    return State.of(StateType.COMPLETED, message).withoutResult(excerpt);
  }

  /** A type that has no form in JSON is judged by its values. */
  private static @Nullable ValueType typeOf(Method flow) {
    try {
      return flow.getReturnType() == Optional.class
          ? null
          : ValueTypes.of(flow.getAnnotatedReturnType(), "the result");
    } catch (SheaveException e) {
      return null;
    }
  }
}
