package dev.sheave.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;
import dev.sheave.storage.LocalFileSystem;
import dev.sheave.testkit.flow.FlowRunExtension;
import dev.sheave.testkit.flow.TestFlowRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A flow is a method: a unit test calls it as one, with a run or without. */
class FlowAsMethodTest {

  /** Flows of the tests. */
  public static class Flows {
    @Flow
    public static String greet(@Param("name") String name) {
      FlowRunContext run = FlowRunContext.current();
      run.logger().info("Hello {}!", name);
      return run.flowRunId().isPresent() + " " + run.flowName() + " " + run.parameters();
    }

    @Flow
    public static String report(
        @Param("day") LocalDate day,
        @Param("token") Secret token,
        @Param(value = "copies", defaultValue = "2") int copies) {
      LocalFileSystem files = Block.load("local-file-system/reports", LocalFileSystem.class);
      files.writePath(day + ".txt", token.reveal().getBytes(StandardCharsets.UTF_8));
      return day.getYear() + " " + copies;
    }

    @Flow
    public static void untilCancelled() {
      while (!FlowRunContext.current().isCancelled()) {
        Thread.onSpinWait();
      }
      throw new IllegalStateException("cancelled");
    }
  }

  @Test
  void withoutARunThereIsAPlainLoggerAndNoId() {
    assertThat(Flows.greet("Marvin")).isEqualTo("false  {}");
    FlowRunContext none = FlowRunContext.current();
    assertThat(none.flowRunId()).isEmpty();
    assertThat(none.deploymentName()).isEmpty();
    assertThat(none.isCancelled()).isFalse();
    assertThat(FlowRunContext.find()).isEmpty();
  }

  @Test
  void aRunOfTheTestsHasParametersBlocksAndStorage() throws Exception {
    Path left;
    try (TestFlowRun run = TestFlowRun.start(Map.of("name", "Marvin"))) {
      left = run.directory();
      assertThat(run.call(() -> Flows.greet("Marvin"))).isEqualTo("true test {name=Marvin}");
      assertThat(run.log()).containsExactly("INFO Hello Marvin!");

      run.storage().save("reports");
      new SecretBlock(Secret.of("t")).save("token");
      Object result =
          run.call(
              Flows.class,
              "report",
              Map.of("day", LocalDate.of(2024, 1, 2), "token", "secret/token"));

      assertThat(result).isEqualTo("2024 2");
      assertThat(run.storage().readPath("2024-01-02.txt"))
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("t");
      assertThatThrownBy(() -> run.call(Flows.class, "report", Map.of("day", "soon")))
          .hasMessageContaining("'day' must be a date")
          .hasMessageContaining("The parameter 'token' of the flow 'report' is missing.");
      run.cancel();
      assertThatThrownBy(() -> run.call(Flows.class, "untilCancelled", Map.of()))
          .isExactlyInstanceOf(IllegalStateException.class);
    }
    assertThat(left.getParent()).doesNotExist();
    assertThat(FlowRunContext.find()).isEmpty();
  }

  /** With JUnit's extension. */
  @Nested
  @ExtendWith(FlowRunExtension.class)
  class EachTest {
    @BeforeEach
    void save(TestFlowRun run) {
      assertThat(Block.exists("secret/token")).as("left by another test").isFalse();
      new SecretBlock(Secret.of("t")).save("token");
      run.storage().save("reports");
    }

    @AfterEach
    void theRunIsStillThere(TestFlowRun run) {
      assertThat(run.sheave().blocks().exists("secret/token")).isTrue();
    }

    @Test
    void callsFlowsInARunOfItsOwn(TestFlowRun run) {
      assertThat(Flows.greet("Marvin")).startsWith("true test");
      assertThat(run.log()).containsExactly("INFO Hello Marvin!");
    }

    @Test
    void andSoDoesTheNext(TestFlowRun run) {
      assertThat(run.log()).isEmpty();
      assertThat(Flows.report(LocalDate.EPOCH, Secret.of("x"), 1)).isEqualTo("1970 1");
    }
  }

  /** With parameters. */
  @Nested
  class WithParameters {
    @RegisterExtension
    final FlowRunExtension run = FlowRunExtension.withParameters(Map.of("names", List.of("a")));

    @Test
    void flowsSeeThem() {
      assertThat(Flows.greet("Marvin")).isEqualTo("true test {names=[a]}");
    }
  }
}
