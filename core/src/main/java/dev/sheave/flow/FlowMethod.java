package dev.sheave.flow;

import dev.sheave.internal.Arguments;
import dev.sheave.internal.TypeNames;
import java.lang.reflect.Method;

/**
 * A flow method, and the class that it is called on: the one that was named, which may have
 * inherited it.
 *
 * @param owner the class
 * @param method the method, of the class or of one that it extends or implements
 */
public record FlowMethod(Class<?> owner, Method method) {

  /** A method in the class that declares it. */
  public static FlowMethod of(Method method) {
    return new FlowMethod(Arguments.notNull(method, "flow").getDeclaringClass(), method);
  }

  /** The name of the flow; by default it is the method's, with dashes. */
  public String flowName() {
    return FlowDefinition.nameOf(method);
  }

  /** How messages name it. */
  public String displayName() {
    return TypeNames.of(owner) + "." + method.getName();
  }
}
