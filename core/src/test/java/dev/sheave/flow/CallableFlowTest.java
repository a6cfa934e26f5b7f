package dev.sheave.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.flow.internal.FlowMethods;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run couldn't call is refused when the flow is found, with what to change. */
class CallableFlowTest {
  private static final String FLOW = "The flow " + CallableFlowTest.class.getName() + ".";

  /** A class that takes an argument to make. */
  public static class WithArgument {
    private final String x;

    public WithArgument(String x) {
      this.x = x;
    }

    @Flow
    public String flow() {
      return x;
    }
  }

  /** A class that nobody else can make. */
  public static class Private {
    private Private() {}

    @Flow
    public String flow() {
      return "p";
    }
  }

  /** A record has its components to be made of. */
  public record Row(int n) {
    @Flow
    public String flow() {
      return "" + n;
    }
  }

  /** An enum has constants alone. */
  public enum Colour {
    RED;

    @Flow
    public String flow() {
      return name();
    }

    @Flow
    public static String fine() {
      return "static";
    }
  }

  /** As Kotlin compiles an object. */
  public static final class KotlinObject {
    public static final KotlinObject INSTANCE = new KotlinObject();

    private KotlinObject() {}

    @Flow
    public String flow() {
      return "k";
    }
  }

  /** A method that only implementations can run. */
  public interface Contract {
    @Flow
    default String flow() {
      return getClass().getSimpleName();
    }

    @Flow
    static String fine() {
      return "static";
    }
  }

  /** What has no objects of its own. */
  public abstract static class Abstract {
    @Flow
    public String flow() {
      return getClass().getSimpleName();
    }

    @Flow
    public abstract String undone();
  }

  /** Its objects belong to one of the test's. */
  @SuppressWarnings("ClassCanBeStatic") // that it isn't is what is tried
  public class Inner {
    @Flow
    public String flow() {
      return "i";
    }
  }

  /** Has flows that nobody else sees. */
  public static class Hidden {
    @Flow
    String flow() {
      return "h";
    }
  }

  /** Inherits the flow of an interface. */
  public static class Implementation implements Contract {}

  /** Inherits the flow of an abstract class. */
  public static class Concrete extends Abstract {
    @Override
    public String undone() {
      return "done";
    }
  }

  static class SeenByItsPackage {
    @Flow
    public String flow() {
      return getClass().getSimpleName();
    }
  }

  /** Inherits from a class that only its package sees. */
  public static class Seen extends SeenByItsPackage {}

  /** Inherits what has a type parameter. */
  public static class Generic<T> {
    @Flow
    public String flow(T x) {
      return "" + x;
    }

    @Flow
    @SuppressWarnings("rawtypes")
    public static void list(List x) {}

    @Flow
    @SuppressWarnings("rawtypes")
    public static void map(List<Map> x) {}

    @Flow
    @SuppressWarnings("rawtypes")
    public static void perhaps(Optional x) {}

    @Flow
    public static String many(String... words) {
      return String.join(",", words);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "WithArgument | the constructor of its class has parameters, and a run has no values",
        "Private | its class has no public constructor; make it static, or give its class",
        "Row | the constructor of its class has parameters, and a run has no values for them",
        "Colour | it needs a constant of the enum; make it static.",
        "KotlinObject | its class is a Kotlin object; annotate the method with @JvmStatic",
        "Contract | Contract is an interface; name a class that implements it, or make",
        "Abstract | its class is abstract; name a class that extends it, or make the method static.",
        "Inner | its class Inner is an inner class, whose objects need one of CallableFlowTest; make",
      })
  void whatHasNoObjectToBeCalledOnIsRefused(String type, String why) throws Exception {
    Class<?> owner = Class.forName(CallableFlowTest.class.getName() + "$" + type);

    assertThatThrownBy(() -> FlowDefinition.of(FlowMethods.find(owner, "flow")))
        .isInstanceOf(SheaveException.class)
        .hasMessageStartingWith(FLOW + type + ".flow can't be called: " + why);
  }

  @Test
  void whatIsntPublicOrHasNoBodyIsRefused() {
    assertThatThrownBy(() -> FlowDefinition.of(FlowMethods.find(Hidden.class, "flow")))
        .hasMessage(FLOW + "Hidden.flow can't be called; make it and its class public.");
    assertThatThrownBy(() -> FlowDefinition.of(FlowMethods.find(SeenByItsPackage.class, "flow")))
        .hasMessageEndingWith("can't be called; make it and its class public.");
    assertThatThrownBy(() -> FlowDefinition.of(FlowMethods.find(Abstract.class, "undone")))
        .hasMessageEndingWith("it is abstract; name a class that implements it.");
    class Local extends Concrete {}
    for (Class<?> nameless : List.of(Local.class, new Local() {}.getClass())) {
      assertThatThrownBy(() -> FlowDefinition.of(FlowMethods.find(nameless, "flow")))
          .hasMessageEndingWith(
              ".flow can't be called: its class is inside of a method, and can't be named; move it"
                  + " out of the method.");
    }
  }

  @Test
  void parametersWithoutATypeOfTheirOwnAreRefused() {
    assertThatThrownBy(() -> FlowDefinition.of(FlowMethods.find(Generic.class, "flow")))
        .hasMessage(
            "The type T of the parameter 'x' of the flow Generic.flow can't be in a document: it says"
                + " nothing of the values; use a type such as String.");
    Map.of("list", "List<String>", "map", "Map<String, String>", "perhaps", "Optional<String>")
        .forEach(
            (flow, advice) ->
                assertThatThrownBy(() -> FlowDefinition.of(FlowMethods.find(Generic.class, flow)))
                    .hasMessageEndingWith(
                        " of the parameter 'x' of the flow Generic."
                            + flow
                            + " can't be in a document: it doesn't say what is in it; write "
                            + advice
                            + ", for example."));
    assertThatThrownBy(() -> FlowDefinition.of(FlowMethods.find(Generic.class, "many")))
        .hasMessage(
            "The parameter 'words' of the flow Generic.many has variable arguments, which can't be"
                + " in a document; make it a List.");
  }

  private static @Nullable Object call(FlowMethod method) throws Throwable {
    FlowDefinition flow = FlowDefinition.of(method);
    return flow.invoke(flow.arguments(Map.of()));
  }

  @Test
  void anInheritedFlowRunsInTheClassThatWasNamedByReferenceAndByName() throws Throwable {
    FlowReference.Of1<Implementation> implementation = Implementation::flow;
    FlowReference.Of1<Concrete> concrete = Concrete::flow;
    FlowReference.Of1<Seen> seen = Seen::flow;
    FlowReference.Of0 ofAnObject = new Concrete()::flow;

    assertThat(call(FlowReference.resolve(implementation))).isEqualTo("Implementation");
    assertThat(call(FlowReference.resolve(concrete))).isEqualTo("Concrete");
    assertThat(call(FlowReference.resolve(seen))).isEqualTo("Seen");
    assertThat(call(FlowReference.resolve(ofAnObject))).isEqualTo("Concrete");
    for (Class<?> named : List.of(Implementation.class, Concrete.class, Seen.class)) {
      assertThat(call(FlowMethods.find(named, "flow"))).isEqualTo(named.getSimpleName());
    }
  }

  @Test
  void staticFlowsNeedNoObject() throws Throwable {
    assertThat(call(FlowMethods.find(Contract.class, "fine"))).isEqualTo("static");
    assertThat(call(FlowMethods.find(Colour.class, "fine"))).isEqualTo("static");
  }

  @Test
  void aNestedClassesFlowIsFoundInTheOneAroundIt() throws Throwable {
    assertThat(call(FlowMethods.find(Nesting.class, "deep"))).isEqualTo("deep");
    assertThatThrownBy(() -> FlowMethods.find(Nesting.class, "both"))
        .hasMessage(
            "The class %1$s has 2 flow methods 'both'; name the class too, one of %1$s.A:both,"
                    .formatted(Nesting.class.getCanonicalName())
                + " %1$s.B:both.".formatted(Nesting.class.getCanonicalName()));
  }

  /** Has its flows in classes of its own. */
  public static class Nesting {
    /** One. */
    public static class A {
      /** Within. */
      public static class Within {
        @Flow
        public static String deep() {
          return "deep";
        }
      }

      @Flow
      public static void both() {}
    }

    /** Another. */
    public static class B {
      @Flow
      public static void both() {}
    }
  }
}
