package dev.sheave.flow.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowMethod;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.Suggestions;
import dev.sheave.internal.TypeNames;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds the method that a name means: by the method's own name, or by its flow's where only one
 * flow has it. A class's flows are those that it declares and inherits; if it has none of the name,
 * those of the classes nested in it count.
 */
public final class FlowMethods {

  private FlowMethods() {}

  /**
   * Finds a class's flow by name.
   *
   * @param type the class
   * @param name of the method or the flow
   * @throws SheaveException {@code NOT_FOUND} if there is none, naming those there are; {@code
   *     INVALID} if it isn't annotated, or several are meant
   */
  public static FlowMethod find(Class<?> type, String name) {
    Arguments.notNull(type, "owner");
    return find(type, name, "The class " + TypeNames.of(type));
  }

  /**
   * Finds a class's flow by name.
   *
   * @param place what messages call the place where it was looked for, such as {@code
   *     'LogFlow.java'}
   * @see #find(Class, String)
   */
  public static FlowMethod find(Class<?> type, String name, String place) {
    Arguments.notNull(type, "owner");
    Arguments.notNull(name, "method");
    Arguments.notNull(place, "place");
    List<FlowMethod> own = methodsOf(type);
    List<FlowMethod> all = new ArrayList<>(own);
    nestedIn(type).forEach(nested -> all.addAll(methodsOf(nested)));
    Predicate<FlowMethod> isNamed = method -> method.method().getName().equals(name);
    for (List<FlowMethod> methods : List.of(own, all)) {
      List<FlowMethod> named = methods.stream().filter(isNamed).toList();
      List<FlowMethod> flows = named.stream().filter(FlowMethods::isFlow).toList();
      if (flows.size() > 1) {
        throw several(flows, name, place);
      }
      if (flows.size() == 1) {
        return flows.get(0);
      }
      if (!named.isEmpty() && methods == all) {
        throw new SheaveException(
            Code.INVALID,
            "The method "
                + named.get(0).displayName()
                + " isn't a flow; annotate it with @Flow."
                + flowsOf(all));
      }
    }
    List<FlowMethod> byFlow =
        all.stream().filter(FlowMethods::isFlow).filter(m -> m.flowName().equals(name)).toList();
    if (byFlow.size() == 1) {
      return byFlow.get(0);
    }
    if (byFlow.size() > 1) {
      throw new SheaveException(
          Code.INVALID,
          place
              + " has "
              + byFlow.size()
              + " flows named '"
              + name
              + "'; name one by its method: "
              + names(byFlow)
              + ".");
    }
    throw new SheaveException(
        Code.NOT_FOUND,
        place
            + " has no method '"
            + name
            + "'."
            + Suggestions.hint(name, List.of(names(all).split(", ")))
            + flowsOf(all));
  }

  private static SheaveException several(List<FlowMethod> flows, String name, String place) {
    long owners = flows.stream().map(FlowMethod::owner).distinct().count();
    return new SheaveException(
        Code.INVALID,
        place
            + " has "
            + flows.size()
            + " flow methods '"
            + name
            + "'; "
            + (owners == 1
                ? "give each a different name."
                : "name the class too, one of "
                    + flows.stream()
                        .map(flow -> TypeNames.of(flow.owner()) + ":" + name)
                        .sorted()
                        .distinct()
                        .collect(Collectors.joining(", "))
                    + "."));
  }

  private static String flowsOf(List<FlowMethod> methods) {
    String names = names(methods);
    return names.isEmpty()
        ? " No method there is annotated with @Flow."
        : " The flow methods are: " + names + ".";
  }

  private static String names(List<FlowMethod> methods) {
    return methods.stream()
        .filter(FlowMethods::isFlow)
        .map(flow -> flow.method().getName())
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static boolean isFlow(FlowMethod method) {
    return method.method().isAnnotationPresent(Flow.class);
  }

  /** The methods that a class declares, and those it inherits and doesn't override. */
  private static List<FlowMethod> methodsOf(Class<?> type) {
    Map<List<Object>, FlowMethod> bySignature = new LinkedHashMap<>();
    Deque<Class<?>> open = new ArrayDeque<>(List.of(type));
    while (!open.isEmpty()) {
      Class<?> next = open.removeFirst();
      for (Method method : next.getDeclaredMethods()) {
        boolean isInherited =
            next == type
                || (!Modifier.isPrivate(method.getModifiers())
                    && !(next.isInterface() && Modifier.isStatic(method.getModifiers())));
        if (isInherited && !method.isSynthetic()) {
          bySignature.putIfAbsent(
              List.of(method.getName(), List.of(method.getParameterTypes())),
              new FlowMethod(type, method));
        }
      }
      if (next.getSuperclass() != null && next.getSuperclass() != Object.class) {
        open.addLast(next.getSuperclass());
      }
      open.addAll(Arrays.asList(next.getInterfaces()));
    }
    return List.copyOf(bySignature.values());
  }

  private static List<Class<?>> nestedIn(Class<?> type) {
    List<Class<?>> nested = new ArrayList<>();
    Arrays.stream(type.getDeclaredClasses())
        .sorted(Comparator.comparing(Class::getName))
        .forEach(
            each -> {
              nested.add(each);
              nested.addAll(nestedIn(each));
            });
    return nested;
  }

  /**
   * Finds a method by its exact types, declared or inherited.
   *
   * @throws NoSuchMethodException if there is none
   */
  public static Method exact(Class<?> type, String name, Class<?>[] parameters)
      throws NoSuchMethodException {
    return methodsOf(type).stream()
        .map(FlowMethod::method)
        .filter(method -> method.getName().equals(name))
        .filter(method -> Arrays.equals(method.getParameterTypes(), parameters))
        .findFirst()
        .orElseThrow(() -> new NoSuchMethodException(type.getName() + "." + name));
  }
}
