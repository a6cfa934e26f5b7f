package dev.sheave.internal;

import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Deque;

/** Names of classes in messages, as Java sources write them. */
public final class TypeNames {
  private TypeNames() {}

  /** Returns the full name; a class that sources can't name has the virtual machine's. */
  public static String of(Class<?> type) {
    String name = type.getCanonicalName();
    return name == null ? type.getName() : name;
  }

  /**
   * Returns the simple name of a value's class; of one that a user can't know, such as a lambda's
   * or one inside of the JDK, that of the type it is used by: {@code Stream}.
   */
  public static String ofValue(Object value) {
    Class<?> type = value.getClass();
    return isKnown(type) ? type.getSimpleName() : publicTypeOf(type).getSimpleName();
  }

  private static boolean isKnown(Class<?> type) {
    return type.getCanonicalName() != null
        && (Modifier.isPublic(type.getModifiers()) || type.getClassLoader() != null);
  }

  private static Class<?> publicTypeOf(Class<?> type) {
    Deque<Class<?>> todo = new ArrayDeque<>();
    for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
      todo.add(each);
    }
    while (!todo.isEmpty()) {
      Class<?> each = todo.remove();
      if (isKnown(each)) {
        return each;
      }
      todo.addAll(java.util.List.of(each.getInterfaces()));
    }
    return Object.class;
  }
}
