package dev.sheave.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.block.Secret;
import dev.sheave.internal.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What a flow returns is a JSON value in its run's state, and a Java value for who waits for it.
 */
class FlowResultTest {

  enum Kind {
    SMALL,
    LARGE
  }

  record Report(
      String name, Kind kind, LocalDate day, Duration took, List<Integer> counts, BigDecimal sum) {}

  sealed interface Shape permits Circle {}

  record Circle(double radius) implements Shape {}

  record Login(String user, Secret password) {}

  /** What flows return. */
  interface Flows {
    Report report();

    Shape shape();

    Object anything();
  }

  private static FlowRunRecord ended(String flow, @Nullable Object value) throws Exception {
    return ended(FlowResult.completed(Flows.class.getDeclaredMethod(flow), value));
  }

  /** The run as the store gives it back. */
  private static FlowRunRecord ended(State state) {
    State stored = state.withData(Json.parse(Json.write(state.data()), "data"));
    return FlowRunRecord.builder(UUID.randomUUID(), "red-fox", UUID.randomUUID(), stored)
        .flowName("flow")
        .runCount(1)
        .build();
  }

  @Test
  void aRecordComesBackAsItWas() throws Exception {
    Report report =
        new Report(
            "a",
            Kind.LARGE,
            LocalDate.of(2024, 1, 2),
            Duration.ofMillis(1500),
            List.of(1, 2),
            new BigDecimal("1.50"));

    FlowRunRecord run = ended("report", report);

    assertThat(run.result(Report.class)).isEqualTo(report);
    assertThat(Objects.requireNonNull(run.state().data()))
        .isEqualTo(
            Json.parse(
                """
                {"type": "literal", "value": {"name": "a", "kind": "LARGE", "day": "2024-01-02",
                 "took": 1.5, "counts": [1, 2], "sum": "1.50"}}""",
                "data"));
    assertThat(ended("shape", new Circle(2)).result(Shape.class)).isEqualTo(new Circle(2));
  }

  @Test
  void listsMapsAndSingleValuesComeBack() throws Exception {
    assertThat(ended("anything", new LocalDate[] {LocalDate.EPOCH}).resultList(LocalDate.class))
        .containsExactly(LocalDate.EPOCH);
    assertThat(ended("anything", Map.of("a", new Circle(1))).resultMap(Circle.class))
        .containsExactly(Map.entry("a", new Circle(1)));
    assertThat((int) ended("anything", 5).result(int.class)).isEqualTo(5);
    assertThat(ended("anything", Optional.of("x")).result(String.class)).isEqualTo("x");
    assertThat(ended("anything", Kind.SMALL).result(Kind.class)).isEqualTo(Kind.SMALL);
  }

  @Test
  void aLargeResultIsCutAndThatIsSaid() throws Exception {
    FlowRunRecord run = ended("anything", "x".repeat(70_000));

    assertThat(run.state().type()).isEqualTo(StateType.COMPLETED);
    assertThat(run.state().message())
        .isEqualTo(
            "The flow's result is cut: it has 70002 characters as JSON, and the first 65536 are"
                + " kept. Write large results to a storage block.");
    assertThat(run.state().resultExcerpt())
        .hasValueSatisfying(text -> assertThat(text).hasSize(65_536));
    refused(() -> run.result(String.class), Code.UNSUPPORTED, "it has 70002 characters");
  }

  @Test
  void whatHasNoFormInJsonIsSaid() throws Exception {
    List<@Nullable Object> cyclic = new ArrayList<>();
    cyclic.add(cyclic);
    for (Object value :
        Arrays.asList(
            Thread.currentThread(),
            cyclic,
            Double.NaN,
            Secret.of("hunter2"),
            new Login("a", Secret.of("hunter2")))) {
      FlowRunRecord run = ended("anything", value);

      assertThat(run.state().type()).isEqualTo(StateType.COMPLETED);
      assertThat(run.state().message())
          .startsWith("The flow's result isn't kept: 'result")
          .doesNotContain("hunter2");
      assertThat(Json.write(run.state().data())).isEqualTo("{\"type\":\"unpersisted\"}");
      refused(() -> run.result(String.class), Code.UNSUPPORTED, "isn't kept: 'result");
    }
  }

  @Test
  void aWrongTypeAndNoResultAreSaid() throws Exception {
    refused(
        () -> ended("anything", "soon").result(LocalDate.class),
        Code.INVALID,
        "'result' must be a date");
    refused(() -> ended("anything", null).result(String.class), Code.NOT_FOUND, "returned nothing");
    refused(
        () -> ended(State.of(StateType.FAILED, "Oh no.")).result(String.class),
        Code.CONFLICT,
        "has no result, it is Failed. Oh no.");
  }

  private interface Action {
    void run() throws Exception;
  }

  private static void refused(Action action, Code code, String text) {
    assertThatThrownBy(action::run)
        .hasMessageContaining(text)
        .isInstanceOfSatisfying(SheaveException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
