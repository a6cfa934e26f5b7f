package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Messages name classes as sources do. */
class TypeNamesTest {
  private static final class Nested {}

  @Test
  void nestedClassesHaveDots() {
    assertThat(TypeNames.of(Nested.class)).isEqualTo("dev.sheave.internal.TypeNamesTest.Nested");
    assertThat(TypeNames.of(int[].class)).isEqualTo("int[]");
    assertThat(TypeNames.of(Map.Entry[].class)).isEqualTo("java.util.Map.Entry[]");
  }

  @Test
  void valuesAreNamedByWhatAUserKnows() {
    Runnable lambda = () -> {};

    assertThat(TypeNames.ofValue(new Nested())).isEqualTo("Nested");
    assertThat(TypeNames.ofValue(Stream.of(1))).isEqualTo("Stream");
    assertThat(
            TypeNames.ofValue(
                Proxy.newProxyInstance(
                    Nested.class.getClassLoader(),
                    new Class<?>[] {Comparable.class},
                    (proxy, method, arguments) -> null)))
        .isEqualTo("Comparable");
    assertThat(TypeNames.ofValue(lambda)).isEqualTo("Runnable");
    assertThat(TypeNames.ofValue(new Thread() {})).isEqualTo("Thread");
    assertThat(TypeNames.ofValue(List.of(1).iterator())).isEqualTo("ListIterator");
    assertThat(TypeNames.ofValue(new Object())).isEqualTo("Object");
  }
}
