package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.StateType;
import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sheave run}: a flow here and now. */
class RunCommandsTest {
  @TempDir Path folder;
  Shell shell;

  @BeforeEach
  void aUserWithFlows() throws IOException {
    shell = new Shell(folder);
    shell.write(
        "Flows.java",
        """
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.FlowRunContext;
        import dev.sheave.flow.Param;
        import java.util.List;
        import org.slf4j.Logger;

        public final class Flows {
          @Flow(name = "greet")
          public static String greet(
              @Param("name") String name, @Param(value = "times", defaultValue = "1") int times) {
            System.out.println("printed");
            for (int i = 0; i < times; i++) {
              FlowRunContext.current().logger().info("Hello {}!", name);
            }
            return "greeted " + name + " in " + java.nio.file.Path.of("").toAbsolutePath().getFileName();
          }

          @Flow
          public static void failing() {
            throw new IllegalStateException("no luck today");
          }

          @Flow
          public static void exiting() {
            FlowRunContext.current().logger().info("about to exit");
            System.exit(0);
          }

          @Flow
          public static void unspeakable() {
            throw new RuntimeException() {
              @Override public String toString() { throw new IllegalStateException("not even that"); }
            };
          }

          @Flow
          public static void endless() {
            FlowRunContext.current().logger().info("started");
            while (true) {
              try { Thread.sleep(1000); } catch (InterruptedException e) { /* not us */ }
            }
          }
        }
        """);
  }

  private List<FlowRunRecord> runs() {
    try (Sheave sheave = Sheave.builder().home(shell.home()).connect()) {
      return sheave
          .api()
          .flowRuns()
          .listFlowRuns(FlowRunFilter.ALL, FlowRunSort.CREATED_DESC, Page.FIRST);
    }
  }

  private String log(FlowRunRecord run) {
    return shell.sheave("flow-run logs " + run.id()).out();
  }

  @Test
  void aFlowRunsHereAndHasItsRecord() {
    Result result = shell.sheave("run ./Flows.java:greet -p name=Marvin -n here -t one -t two");

    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .startsWith("Created flow run 'here' for flow 'greet'.\n└── UUID: ")
        .contains("printed\n", "| INFO    | Flow run 'here' - Hello Marvin!\n")
        .endsWith(
            "Flow run 'here' - Finished in state Completed()\nResult: \"greeted Marvin in work\"\n");
    FlowRunRecord run = runs().get(0);
    assertThat(run.flowName()).isEqualTo("greet");
    assertThat(run.deploymentId()).isNull();
    assertThat(run.tags()).containsExactly("one", "two");
    assertThat(run.parameters()).isEqualTo(Map.of("name", "Marvin", "times", 1));
    assertThat(run.state().type()).isEqualTo(StateType.COMPLETED);
    assertThat(run.state().data())
        .isEqualTo(Map.of("type", "literal", "value", "greeted Marvin in work"));
    assertThat(run.runCount()).isEqualTo(1);
    assertThat(log(run)).contains("Hello Marvin!", "Finished in state Completed()");
    assertThat(shell.sheave("flow ls").out()).contains("greet");
    // nothing is left where the flow's code is
    assertThat(shell.directory()).isDirectoryContaining("glob:**Flows.java");
    assertThat(shell.directory().toFile().list()).hasSize(1);
  }

  @Test
  void aFlowOfAnotherFolderRunsWhereTheUserIs() throws IOException {
    Files.createDirectories(folder.resolve("elsewhere"));
    Files.move(shell.directory().resolve("Flows.java"), folder.resolve("elsewhere/Flows.java"));

    Result result =
        shell.sheave(
            "run ../elsewhere/Flows.java:greet --params '{\"name\": \"A\", \"times\": 2}'");

    assertThat(result.code()).isZero();
    assertThat(result.out()).containsPattern("(?s)Hello A!.*Hello A!");
    assertThat(runs().get(0).state().data())
        .isEqualTo(Map.of("type", "literal", "value", "greeted A in work"));
  }

  @Test
  void theExitCodeIsThatOfTheFinalState() {
    Result failing = shell.sheave("run Flows.java:failing");
    assertThat(failing.code()).isEqualTo(1);
    assertThat(failing.err())
        .endsWith(
            "ended as Failed. Flow run encountered an exception."
                + " java.lang.IllegalStateException: no luck today\n");
    assertThat(log(runs().get(0))).contains("at Flows.failing(Flows.java");

    Result exiting = shell.sheave("run Flows.java:exiting");
    assertThat(exiting.code()).isEqualTo(1);
    assertThat(exiting.err())
        .endsWith("ended as Crashed. Execution was aborted by a call of System.exit.\n");
    assertThat(log(runs().get(0))).contains("about to exit");

    Result unspeakable = shell.sheave("run Flows.java:unspeakable");
    assertThat(unspeakable.code()).isEqualTo(1);
    assertThat(runs().get(0).state().type()).isEqualTo(StateType.FAILED);
    assertThat(unspeakable.err()).contains("Flows$1 (its toString throws");
  }

  @Test
  void anEndlessFlowIsCancelledFromAnotherPrompt() {
    CompletableFuture<Result> running =
        CompletableFuture.supplyAsync(() -> shell.sheave("run Flows.java:endless"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Files.exists(shell.home().resolve("sheave.db")) && !runs().isEmpty());
    FlowRunRecord run = runs().get(0);
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> log(run).contains("started"));

    Result cancelled = shell.sheave("flow-run cancel " + run.id());

    assertThat(cancelled.out())
        .isEqualTo("Flow run '" + run.id() + "' was successfully scheduled for cancellation.\n");
    Result result = running.join();
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).endsWith("ended as Cancelled.\n");
    assertThat(runs().get(0).state().type()).isEqualTo(StateType.CANCELLED);
    String pid = String.valueOf(runs().get(0).infrastructurePid());
    long process = Long.parseLong(pid.substring(pid.lastIndexOf(':') + 1));
    assertThat(ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false)).isFalse();
  }

  @Test
  void mistakesLeaveNoRun() {
    shell.sheave("work-queue create test"); // so that there is a store to look into

    said(
        "run Flows.java:greet",
        "parameter 'name' of the flow 'greet' is missing. Set it with --param name=VALUE.");
    said("run Flows.java:greet -p name=x -p nme=x", "Did you mean 'name'?");
    said("run Flows.java:greet -p name=x -p times=often", "'times' must be a whole number");
    said("run Flows.java:greet --params '[1]'", "--params");
    said("run Flows.java:greet --params -", "Standard input");
    said("run Flows.java:gret", "The flow methods are: endless, exiting");
    said("run Flws.java:greet", "Flws.java' doesn't exist.");
    said("run Flows.java", "Flows.java:<flow_method>");
    said("run com.acme.Flow:greet", "com.acme.Flow");
    assertThat(shell.sheave("run Flows.java:greet -p name").code()).isEqualTo(2);
    assertThat(runs()).isEmpty();
    assertThat(shell.sheave("flow ls -o json").jsonList()).isEmpty();
  }

  private void said(String line, String text) {
    Result result = shell.sheave(line);
    assertThat(result.err()).as(line).contains(text);
    assertThat(result.err().lines()).as(line).hasSize(1);
    assertThat(result.code()).as(line).isEqualTo(1);
    assertThat(result.out()).as(line).isEmpty();
  }
}
