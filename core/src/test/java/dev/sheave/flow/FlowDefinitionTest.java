package dev.sheave.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.block.Secret;
import dev.sheave.flow.internal.FlowMethods;
import dev.sheave.internal.Json;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a flow method says about itself, and how values become its arguments. */
class FlowDefinitionTest {

  enum Size {
    SMALL,
    LARGE
  }

  record Customer(String name, int age) {}

  /** Flows of the tests. */
  public static class Flows {
    @Flow(
        name = "log-flow",
        description = "Logs.",
        version = "2",
        retries = 3,
        retryDelaySeconds = 1.5,
        timeoutSeconds = 60)
    public static String described(@Param("name") String name) {
      return "Hello " + name;
    }

    @Flow
    public static void plainHTTPFlow() {}

    @Flow
    public static String all(
        @Param(value = "how_many", description = "So many.", defaultValue = "2") int count,
        Size size,
        Customer customer,
        List<Double> numbers,
        @Param(defaultValue = "later") String when,
        @Nullable String note,
        Optional<Duration> pause,
        @Param(defaultValue = "60") @Nullable Integer limit) {
      return count + " " + size + " " + customer + " " + numbers + " " + when + " " + note + " "
          + pause + " " + limit;
    }

    @Flow
    public String ofAnObject() {
      return "made";
    }

    @Flow
    public static void failing() {
      throw new IllegalStateException("as asked");
    }

    @Flow
    public static void impossible(Thread thread) {}

    @Flow
    @SuppressWarnings("unused")
    static void hidden() {}
  }

  /** What flows may return. */
  @SuppressWarnings("unused")
  public static class Results {
    /** An object of its own, which JSON doesn't know. */
    public static final class Report {}

    @Flow
    public static void none() {}

    @Flow
    public static int number() {
      return 1;
    }

    @Flow
    public static Customer[] customers() {
      return new Customer[0];
    }

    @Flow
    public static Optional<Duration> pause() {
      return Optional.empty();
    }

    @Flow
    public static Object something() {
      return "a string";
    }

    @Flow
    public static ZoneOffset offset() {
      return ZoneOffset.UTC;
    }

    @Flow
    public static Iterable<String> names() {
      return List.of();
    }

    @Flow
    public static Report report() {
      return new Report();
    }

    @Flow
    public static Stream<String> stream() {
      return Stream.of();
    }

    @Flow
    public static Secret secret() {
      return Secret.of("hidden");
    }
  }

  @Test
  void saysThatResultsOfATypeAreNeverKept() {
    assertThat(FlowDefinition.of(FlowMethods.find(Results.class, "report")).resultWarning())
        .contains(
            "No run keeps what the flow Results.report returns, since values of the type"
                + " dev.sheave.flow.FlowDefinitionTest.Results.Report can't be kept as JSON; return"
                + " a record, a map, a list, a string, a number or nothing.");
    assertThat(
            Stream.of(Results.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Flow.class))
                .filter(method -> FlowDefinition.of(method).resultWarning().isPresent())
                .map(Method::getName))
        .containsExactlyInAnyOrder("report", "stream", "secret");
  }

  /** Flows that say what can't be. */
  @SuppressWarnings("unused")
  public static class Mistakes {
    @Flow(name = "bad/name", retries = -1, retryDelaySeconds = -0.5, timeoutSeconds = Double.NaN)
    public static void negative() {}

    @Flow
    public static void wrongDefault(@Param(value = "n", defaultValue = "abc") int n) {}

    @Flow
    public static void wrongCase(@Param(value = "size", defaultValue = "small") Size size) {}

    @Flow
    public static void tooLarge(
        @Param(value = "n", defaultValue = "3000000000") int n,
        @Param(value = "when", defaultValue = "soon") Duration when) {}

    @Flow(name = "twin")
    public static void one() {}

    @Flow(name = "twin")
    public static void other() {}
  }

  @Test
  void whatAFlowsAnnotationsSayThatCantBeIsRefusedWhereItIsWritten() {
    refused(
        "negative",
        "Flow names must not contain any of / % & > < or control characters, unlike 'bad/name'."
            + " The flow Mistakes.negative has retries = -1; it must be 0 or more."
            + " The flow Mistakes.negative has retryDelaySeconds = -0.5; it must be 0 or more."
            + " The flow Mistakes.negative has timeoutSeconds = NaN; it must be 0 or more.");
    refused(
        "wrongDefault",
        "The default of the parameter 'n' of the flow Mistakes.wrongDefault can't be used: 'n' must"
            + " be a whole number, not 'abc'.");
    refused(
        "wrongCase",
        "The default of the parameter 'size' of the flow Mistakes.wrongCase can't be used: 'size'"
            + " must be one of SMALL, LARGE, not 'small'. Did you mean 'SMALL'?");
    refused(
        "tooLarge",
        "The default of the parameter 'n' of the flow Mistakes.tooLarge can't be used: 'n' must be"
            + " 2147483647 or less, not 3000000000. The default of the parameter 'when' of the flow"
            + " Mistakes.tooLarge can't be used: 'when' must be a duration, as seconds or as"
            + " PT1H30M, not 'soon'.");
    refused(
        "one",
        "There are 2 flows named 'twin': Mistakes.one, Mistakes.other; give each a name of"
            + " its own.");
  }

  private static void refused(String method, String message) {
    assertThatThrownBy(() -> FlowDefinition.of(FlowMethods.find(Mistakes.class, method)))
        .hasMessage(message);
  }

  private static FlowDefinition flow(String method) {
    return FlowDefinition.of(FlowMethods.find(Flows.class, method));
  }

  @Test
  void theAnnotationDescribesTheFlow() {
    FlowDefinition flow = flow("described");

    assertThat(flow.name()).isEqualTo("log-flow");
    assertThat(flow.description()).contains("Logs.");
    assertThat(flow.version()).contains("2");
    assertThat(flow.retries()).isEqualTo(3);
    assertThat(flow.retryDelay()).isEqualTo(Duration.ofMillis(1500));
    assertThat(flow.timeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(flow.parameterNames()).containsExactly("name");
  }

  @Test
  void whatItDoesntSayIsFoundInTheCode() {
    FlowDefinition flow = flow("plainHTTPFlow");

    assertThat(flow.name()).isEqualTo("plain-http-flow");
    assertThat(flow.description()).isEmpty();
    assertThat(flow.version()).isEmpty();
    assertThat(flow.retries()).isZero();
    assertThat(flow.timeout()).isZero();
    assertThat(flow("all").parameterNames())
        .containsExactly(
            "how_many", "size", "customer", "numbers", "when", "note", "pause", "limit");
  }

  @Test
  void theParametersAreDescribedAsTheReferenceDescribesThem() {
    assertThat(flow("described").parameterSchema())
        .isEqualTo(
            Json.parseObject(
                """
                {"title": "Parameters", "type": "object",
                 "properties": {"name": {"title": "name", "type": "string", "position": 0}},
                 "required": ["name"]}""",
                "schema"));
    Map<String, @Nullable Object> schema = flow("all").parameterSchema();
    assertThat(schema.get("required")).isEqualTo(List.of("size", "customer", "numbers"));
    assertThat(schema.get("properties"))
        .extracting("how_many")
        .isEqualTo(
            Map.of(
                "title",
                "how_many",
                "description",
                "So many.",
                "default",
                2,
                "type",
                "integer",
                "minimum",
                Integer.MIN_VALUE,
                "maximum",
                Integer.MAX_VALUE,
                "position",
                0));
    assertThat(schema.get("definitions"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsOnlyKeys("Size", "Customer");
  }

  private static Map<String, Object> required() {
    return Map.of(
        "size", "LARGE", "customer", Map.of("name", "Ada", "age", 36), "numbers", List.of(1, 2.5));
  }

  @Test
  void valuesBecomeArgumentsAndDefaultsFillTheRest() throws Throwable {
    FlowDefinition flow = flow("all");

    assertThat(flow.invoke(flow.arguments(required())))
        .isEqualTo("2 LARGE Customer[name=Ada, age=36] [1.0, 2.5] later null Optional.empty 60");
    assertThat(flow.withDefaults(required()))
        .containsEntry("how_many", 2)
        .containsEntry("when", "later")
        .containsEntry("note", null)
        .containsEntry("limit", 60)
        .containsEntry("size", "LARGE");
  }

  @Test
  void aNullThatIsGivenStaysNullWhereItMayBe() throws Throwable {
    FlowDefinition flow = flow("all");
    Map<String, @Nullable Object> values = new LinkedHashMap<>(required());
    values.put("limit", null);
    values.put("how_many", null);

    assertThat((String) flow.invoke(flow.arguments(values))).startsWith("2 LARGE").endsWith("null");
    assertThat(flow.withDefaults(values)).containsEntry("limit", null).containsEntry("how_many", 2);
  }

  @Test
  void textsFromACommandLineAreConverted() {
    assertThat(
            flow("all")
                .check(
                    Map.of(
                        "how_many", "3",
                        "customer", "{\"name\": \"Ada\", \"age\": 36}",
                        "numbers", "[1, 2]",
                        "when", "7",
                        "pause", "PT1M")))
        .isEqualTo(
            Map.of(
                "how_many",
                3,
                "customer",
                Map.of("name", "Ada", "age", 36),
                "numbers",
                List.of(1, 2),
                "when",
                "7",
                "pause",
                "PT1M"));
  }

  @Test
  void wrongValuesAreRefusedWithTheParametersName() {
    FlowDefinition flow = flow("all");

    assertThatThrownBy(() -> flow.check(Map.of("how_many", "many")))
        .hasMessage("'how_many' must be a whole number, not 'many'.");
    assertThatThrownBy(() -> flow.check(Map.of("size", "HUGE")))
        .hasMessage("'size' must be one of SMALL, LARGE, not 'HUGE'.");
    assertThatThrownBy(() -> flow.check(Map.of("customer", Map.of("name", "Ada", "agee", 1))))
        .hasMessageContaining("customer.age");
    assertThatThrownBy(() -> flow.check(Map.of("sizes", "LARGE")))
        .hasMessageContaining("has no parameter 'sizes'. Did you mean 'size'?");
    assertThatThrownBy(() -> flow("plainHTTPFlow").arguments(Map.of("x", 1)))
        .hasMessage("The flow 'plain-http-flow' has no parameter 'x'. It has no parameters.");
    assertThatThrownBy(() -> flow.arguments(Map.of()))
        .hasMessage(
            "The parameter 'size' of the flow 'all' is missing. "
                + "The parameter 'customer' of the flow 'all' is missing. "
                + "The parameter 'numbers' of the flow 'all' is missing.");
  }

  @Test
  void aFlowOfAnObjectGetsAnObject() throws Throwable {
    FlowDefinition flow = flow("ofAnObject");

    assertThat(flow.invoke(flow.arguments(Map.of()))).isEqualTo("made");
  }

  @Test
  void whatTheFlowThrowsComesOut() {
    FlowDefinition flow = flow("failing");

    assertThatThrownBy(() -> flow.invoke(flow.arguments(Map.of())))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage("as asked");
  }

  @Test
  void whatCantBeCalledFromElsewhereIsRefused() throws NoSuchMethodException {
    assertThatThrownBy(() -> flow("hidden"))
        .hasMessageEndingWith("can't be called; make it and its class public.");
    assertThatThrownBy(() -> flow("impossible"))
        .hasMessageStartingWith(
            "The type Thread of the parameter 'thread' of the flow Flows.impossible can't"
                + " be in a document:");
    assertThatThrownBy(() -> FlowDefinition.of(Object.class.getMethod("toString")))
        .hasMessage("The method java.lang.Object.toString isn't a flow; annotate it with @Flow.");
  }

  @Test
  void entrypointsNameASourceOrAClass() {
    assertThat(Entrypoint.parse("flows/LogFlow.java:logFlow"))
        .isEqualTo(new Entrypoint("flows/LogFlow.java", "logFlow"));
    assertThat(Entrypoint.parse("flows\\LogFlow.java:logFlow").location())
        .isEqualTo("flows/LogFlow.java");
    assertThat(Entrypoint.parse("com.acme.LogFlow:logFlow").isSource()).isFalse();
    for (String bad : List.of("LogFlow.java", "LogFlow.java:", ":logFlow")) {
      assertThatThrownBy(() -> Entrypoint.parse(bad))
          .hasMessageStartingWith("Your flow entrypoint must include the name of the method");
    }
  }
}
