package dev.sheave.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.flow.internal.FlowMethods;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** {@code LogFlow::logFlow} says which method is meant. */
class FlowReferenceTest {

  /** Flows with nought to eight parameters, static and not, with and without a result. */
  public static class Flows {
    @Flow
    public static void none() {}

    @Flow
    public static String one(String a) {
      return a;
    }

    @Flow
    public static void two(int a, long b) {}

    @Flow
    public static int three(String a, int b, boolean c) {
      return b;
    }

    @Flow
    public static void four(String a, int b, boolean c, double d) {}

    @Flow
    public static void five(String a, int b, boolean c, double d, List<String> e) {}

    @Flow
    public static void six(String a, int b, boolean c, double d, List<String> e, String f) {}

    @Flow
    public static void seven(
        String a, int b, boolean c, double d, List<String> e, String f, String g) {}

    @Flow
    public static String eight(
        String a, int b, boolean c, double d, List<String> e, String f, String g, String h) {
      return h;
    }

    @Flow
    public void onAnObject() {}

    @Flow
    public String onAnObjectWith(String a, int b) {
      return a + b;
    }

    public static void overloaded(String a) {}

    public static void overloaded(int a) {}
  }

  @Test
  void staticMethodsWithAnyNumberOfParametersUpToEight() {
    assertThat(name((FlowReference.Of0) Flows::none)).isEqualTo("none");
    assertThat(name((FlowReference.Of1<String>) Flows::one)).isEqualTo("one");
    assertThat(name((FlowReference.Of2<Integer, Long>) Flows::two)).isEqualTo("two");
    assertThat(name((FlowReference.Of3<String, Integer, Boolean>) Flows::three)).isEqualTo("three");
    assertThat(name((FlowReference.Of4<String, Integer, Boolean, Double>) Flows::four))
        .isEqualTo("four");
    assertThat(
            name((FlowReference.Of5<String, Integer, Boolean, Double, List<String>>) Flows::five))
        .isEqualTo("five");
    assertThat(
            name(
                (FlowReference.Of6<String, Integer, Boolean, Double, List<String>, String>)
                    Flows::six))
        .isEqualTo("six");
    assertThat(
            name(
                (FlowReference.Of7<String, Integer, Boolean, Double, List<String>, String, String>)
                    Flows::seven))
        .isEqualTo("seven");
    assertThat(
            name(
                (FlowReference.Of8<
                        String, Integer, Boolean, Double, List<String>, String, String, String>)
                    Flows::eight))
        .isEqualTo("eight");
  }

  @Test
  void instanceMethodsByTheirClassOrAnObject() {
    Flows flows = new Flows();

    assertThat(name((FlowReference.Of1<Flows>) Flows::onAnObject)).isEqualTo("onAnObject");
    assertThat(name((FlowReference.Of3<Flows, String, Integer>) Flows::onAnObjectWith))
        .isEqualTo("onAnObjectWith");
    assertThat(name((FlowReference.Of0) flows::onAnObject)).isEqualTo("onAnObject");
    assertThat(name((FlowReference.Of2<String, Integer>) flows::onAnObjectWith))
        .isEqualTo("onAnObjectWith");
  }

  @Test
  void theTypeSaysWhichOfSeveralMethodsOfOneName() throws NoSuchMethodException {
    FlowReference.Of1<Integer> reference = Flows::overloaded;

    assertThat(FlowReference.resolve(reference))
        .isEqualTo(FlowMethod.of(Flows.class.getMethod("overloaded", int.class)));
  }

  @Test
  void lambdasAndObjectsAreRefused() {
    FlowReference.Of1<String> lambda = name -> Flows.one(name);
    FlowReference.Of0 object =
        new FlowReference.Of0() {
          private static final long serialVersionUID = 1L;

          @Override
          public void call() {}
        };
    FlowReference.Of0 constructor = Flows::new;

    for (FlowReference reference : List.of(lambda, object, constructor)) {
      assertThatThrownBy(() -> FlowReference.resolve(reference))
          .hasMessageStartingWith(
              "A flow must be a method reference such as LogFlow::logFlow, not a lambda");
    }
  }

  private static String name(FlowReference reference) {
    FlowMethod flow = FlowReference.resolve(reference);
    assertThat(flow.owner()).isEqualTo(Flows.class);
    return flow.method().getName();
  }

  @Test
  void aClassAndANameDo() {
    assertThat(FlowMethods.find(Flows.class, "one").method().getName()).isEqualTo("one");
    refused(
        "onee",
        "The class dev.sheave.flow.FlowReferenceTest.Flows has no method 'onee'. Did you mean 'one'?");
    refused("overloaded", "isn't a flow; annotate it with @Flow.");
  }

  private static void refused(String method, String message) {
    Consumer<String> find = name -> FlowMethods.find(Flows.class, name);
    assertThatThrownBy(() -> find.accept(method)).hasMessageContaining(message);
  }
}
