package dev.sheave.flow;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.Suggestions;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

/** Finds flow methods in classes. */
public final class FlowMethods {

  private FlowMethods() {}

  /**
   * Finds a class's flow method by name.
   *
   * @throws SheaveException {@code NOT_FOUND} if it doesn't exist, naming the existing ones; {@code
   *     INVALID} if it isn't annotated, or there are several flows of that name
   */
  public static Method find(Class<?> owner, String name) {
    Arguments.notNull(name, "method");
    List<Method> named =
        Arrays.stream(Arguments.notNull(owner, "owner").getDeclaredMethods())
            .filter(method -> method.getName().equals(name) && !method.isSynthetic())
            .toList();
    List<Method> flows =
        named.stream().filter(method -> method.isAnnotationPresent(Flow.class)).toList();
    if (flows.size() == 1) {
      return flows.get(0);
    }
    if (flows.size() > 1) {
      throw new SheaveException(
          Code.INVALID,
          "The class "
              + owner.getName()
              + " has "
              + flows.size()
              + " flows in methods named '"
              + name
              + "'; give the methods different names.");
    }
    if (!named.isEmpty()) {
      throw new SheaveException(
          Code.INVALID,
          "The method " + owner.getName() + "." + name + " isn't a flow; annotate it with @Flow.");
    }
    List<String> others =
        Arrays.stream(Arguments.notNull(owner, "owner").getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(Flow.class))
            .map(Method::getName)
            .sorted()
            .toList();
    throw new SheaveException(
        Code.NOT_FOUND,
        "The class "
            + owner.getName()
            + " has no method '"
            + name
            + "'."
            + Suggestions.hint(name, others)
            + (others.isEmpty()
                ? " It has no flows."
                : " Its flows are: " + String.join(", ", others) + "."));
  }
}
