package dev.sheave.flow;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how a run can call a flow method: a run has the class, and nothing that could hand
 * over an object of it.
 */
final class CallableFlow {
  private static final String ADVICE =
      "; make it static, or give its class a public no-argument constructor.";

  private CallableFlow() {}

  /**
   * Checks that a run can call a method.
   *
   * @throws SheaveException {@code INVALID}, saying what to change, if it can't
   */
  static void check(FlowMethod flow) {
    Class<?> owner = flow.owner();
    Method method = flow.method();
    if (owner.isAnonymousClass() || owner.isLocalClass()) {
      throw refused(
          flow,
          ": its class is inside of a method, and can't be named; move it out of the method.");
    }
    if (!Modifier.isPublic(method.getModifiers()) || !Modifier.isPublic(owner.getModifiers())) {
      throw refused(flow, "; make it and its class public.");
    }
    if (Modifier.isStatic(method.getModifiers())) {
      return;
    }
    if (owner.isInterface()) {
      throw refused(
          flow,
          ": "
              + owner.getSimpleName()
              + " is an interface; name a class that implements it, or make the method static.");
    }
    if (Modifier.isAbstract(method.getModifiers())) {
      throw refused(flow, ": it is abstract; name a class that implements it.");
    }
    if (Modifier.isAbstract(owner.getModifiers())) {
      throw refused(
          flow,
          ": its class is abstract; name a class that extends it, or make the method static.");
    }
    if (owner.getEnclosingClass() != null && !Modifier.isStatic(owner.getModifiers())) {
      throw refused(
          flow,
          ": its class "
              + owner.getSimpleName()
              + " is an inner class, whose objects need one of "
              + owner.getEnclosingClass().getSimpleName()
              + "; make the class or the method static.");
    }
    if (isKotlinObject(owner)) {
      throw refused(
          flow, ": its class is a Kotlin object; annotate the method with @JvmStatic as well.");
    }
    if (owner.isEnum()) {
      throw refused(flow, ": it needs a constant of the enum; make it static.");
    }
    if (constructor(owner) == null) {
      throw refused(
          flow,
          owner.getConstructors().length == 0
              ? ": its class has no public constructor" + ADVICE
              : ": the constructor of its class has parameters, and a run has no values for them"
                  + ADVICE);
    }
  }

  private static boolean isKotlinObject(Class<?> owner) {
    return owner.getConstructors().length == 0
        && Arrays.stream(owner.getDeclaredFields())
            .anyMatch(
                field ->
                    field.getName().equals("INSTANCE")
                        && field.getType() == owner
                        && Modifier.isStatic(field.getModifiers()));
  }

  private static @Nullable Constructor<?> constructor(Class<?> owner) {
    return Arrays.stream(owner.getConstructors())
        .filter(constructor -> constructor.getParameterCount() == 0)
        .findFirst()
        .orElse(null);
  }

  private static SheaveException refused(FlowMethod flow, String why) {
    return new SheaveException(
        Code.INVALID, "The flow " + flow.displayName() + " can't be called" + why);
  }

  /**
   * Calls a flow that was checked.
   *
   * @throws Throwable what the method, or its class's constructor, threw
   */
  static @Nullable Object call(FlowMethod flow, @Nullable Object[] arguments) throws Throwable {
    try {
      Constructor<?> constructor =
          Modifier.isStatic(flow.method().getModifiers()) ? null : constructor(flow.owner());
      Object target = constructor == null ? null : constructor.newInstance();
      Method method = flow.method();
      if (!Modifier.isPublic(method.getDeclaringClass().getModifiers())) {
        method.setAccessible(true); // inherited from a class that only its package sees
      }
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    } catch (InstantiationException | IllegalAccessException e) {
      throw new SheaveException(
          Code.INVALID, "The flow " + flow.displayName() + " can't be called: " + e + ".", e);
    }
  }
}
