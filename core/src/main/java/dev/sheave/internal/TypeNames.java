package dev.sheave.internal;

import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;

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
    return knownTypeOf(value.getClass()).getSimpleName();
  }

  private static boolean isKnown(Class<?> type) {
    return type.getCanonicalName() != null
        && !Proxy.isProxyClass(type)
        && (Modifier.isPublic(type.getModifiers()) || type.getClassLoader() != null);
  }

  private static Class<?> knownTypeOf(Class<?> type) {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      if (isKnown(each)) {
        return each;
      }
      for (Class<?> implemented : each.getInterfaces()) {
        if (isKnown(implemented)) {
          return implemented;
        }
      }
    }
    return Object.class;
  }
}
