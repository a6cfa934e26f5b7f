package dev.sheave.runtime.loader;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.flow.Entrypoint;
import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowDefinition;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the method of an entrypoint, by the name of the method or, if it is unique, of the flow.
 */
final class FlowMethods {
  private FlowMethods() {}

  /**
   * Finds the flow method of a class.
   *
   * @throws SheaveException {@code NOT_FOUND} if there is no such method, {@code INVALID} if it
   *     isn't a flow or there is more than one
   */
  static Method find(Class<?> type, Entrypoint entrypoint) {
    List<Method> named =
        methods(type).stream().filter(m -> m.getName().equals(entrypoint.method())).toList();
    if (named.isEmpty()) {
      List<Method> byFlow = flowsNamed(type, entrypoint.method());
      if (byFlow.size() == 1) {
        return byFlow.get(0);
      }
      if (byFlow.size() > 1) {
        throw new SheaveException(
            Code.INVALID,
            "'"
                + entrypoint.location()
                + "' has "
                + byFlow.size()
                + " flows named '"
                + entrypoint.method()
                + "'; name one by its method: "
                + byFlow.stream().map(Method::getName).sorted().collect(Collectors.joining(", "))
                + ".");
      }
      throw new SheaveException(
          Code.NOT_FOUND,
          "'"
              + entrypoint.location()
              + "' has no method '"
              + entrypoint.method()
              + "'; "
              + flowsOf(type)
              + ".");
    }
    List<Method> flows = named.stream().filter(m -> m.isAnnotationPresent(Flow.class)).toList();
    if (flows.isEmpty()) {
      throw new SheaveException(
          Code.INVALID,
          "The method '"
              + entrypoint.method()
              + "' of '"
              + entrypoint.location()
              + "' isn't a flow: annotate it with @Flow. In this class, "
              + flowsOf(type)
              + ".");
    }
    if (flows.size() > 1) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + entrypoint.location()
              + "' has "
              + flows.size()
              + " flow methods '"
              + entrypoint.method()
              + "'; give each a different name.");
    }
    return flows.get(0);
  }

  private static List<Method> flowsNamed(Class<?> type, String name) {
    return methods(type).stream()
        .filter(method -> method.isAnnotationPresent(Flow.class))
        .filter(method -> FlowDefinition.nameOf(method).equals(name))
        .toList();
  }

  private static String flowsOf(Class<?> type) {
    String flows =
        methods(type).stream()
            .filter(method -> method.isAnnotationPresent(Flow.class))
            .map(Method::getName)
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return flows.isEmpty() ? "no method is annotated with @Flow" : "the flow methods are " + flows;
  }

  private static List<Method> methods(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> !method.isSynthetic() && !method.isBridge())
        .toList();
  }
}
