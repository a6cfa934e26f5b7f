package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of flows, good and bad, when an agent runs them in real processes. */
@Timeout(120)
class AgentTest {
  @TempDir Path directory;
  private Workshop workshop;

  @BeforeEach
  void open() {
    workshop = new Workshop(directory);
  }

  @AfterEach
  void close() {
    workshop.close();
  }

  @Test
  void aFlowFromSourceRunsWithItsHelperAndItsDataFile() {
    workshop.write(
        "LogFlow.java",
        """
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.FlowRunContext;
        import dev.sheave.flow.Param;
        import java.nio.file.Files;
        import java.nio.file.Path;
        import org.slf4j.LoggerFactory;

        public final class LogFlow {
          @Flow(name = "log-flow", version = "7")
          public static String logFlow(
              @Param("name") String name, @Param(value = "times", defaultValue = "2") int times)
              throws Exception {
            String greeting = Greetings.of(Files.readString(Path.of("data", "greeting.txt")), name);
            FlowRunContext.current().logger().info("{} ({} times)", greeting, times);
            LoggerFactory.getLogger(LogFlow.class).info("by any logger");
            LoggerFactory.getLogger(LogFlow.class).debug("not wanted");
            System.out.println("printed");
            return greeting;
          }
        }
        """);
    workshop.write(
        "Greetings.java",
        """
        final class Greetings {
          static String of(String greeting, String name) {
            return greeting.strip() + " " + name + "!";
          }
        }
        """);
    workshop.write("data/greeting.txt", "Hello\n");
    List<String> output = Collections.synchronizedList(new ArrayList<>());
    UUID run =
        workshop.schedule(
            workshop.deploy("LogFlow.java:logFlow", null, Map.of()), Map.of("name", "Marvin"));

    workshop.agent().output(output::add).build().runOnce();

    FlowRunRecord ended = workshop.read(run);
    assertThat(ended.state().type()).isEqualTo(StateType.COMPLETED);
    assertThat(ended.state().data()).isEqualTo(Map.of("type", "literal", "value", "Hello Marvin!"));
    assertThat(ended.flowVersion()).isEqualTo("7");
    assertThat(ended.parameters()).containsEntry("times", 2);
    assertThat(workshop.log(run))
        .containsExactly(
            "Downloading flow code from storage at '" + workshop.code + "'",
            "Hello Marvin! (2 times)",
            "by any logger",
            "Finished in state Completed()");
    assertThat(output)
        .contains("printed")
        .anyMatch(
            line -> line.endsWith("Flow run '" + ended.name() + "' - Hello Marvin! (2 times)"))
        .anyMatch(line -> line.endsWith(" | INFO    | LogFlow - by any logger"));
    assertThat(workshop.home.resolve("runs")).isEmptyDirectory();
  }

  @Test
  void aFlowRunsFromClasses() throws Exception {
    workshop.writeFlow("return \"from classes\";");
    ToolProvider.getSystemJavaCompiler()
        .run(
            null,
            null,
            null,
            "-d",
            workshop.code.resolve("classes").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            workshop.code.resolve("TestFlow.java").toString());
    Files.delete(workshop.code.resolve("TestFlow.java"));
    UUID run = workshop.schedule(workshop.deploy("TestFlow:run", null, Map.of()));

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).data())
        .isEqualTo(Map.of("type", "literal", "value", "from classes"));
  }

  @Test
  void aFlowThatThrowsFailsWithItsErrorAndLeavesTheStackTraceInTheLog() {
    workshop.writeFlow("log.info(\"before\"); throw new IllegalStateException(\"boom\");");

    FlowRunRecord run = workshop.runOnce();

    assertThat(run.state().type()).isEqualTo(StateType.FAILED);
    assertThat(run.state().message())
        .isEqualTo("Flow run encountered an exception. java.lang.IllegalStateException: boom");
    assertThat(workshop.log(run.id()))
        .contains("before")
        .anyMatch(
            line ->
                line.startsWith(
                        "Encountered exception during execution:\n"
                            + "java.lang.IllegalStateException: boom")
                    && line.contains("at TestFlow.run(TestFlow.java:"))
        .anyMatch(line -> line.startsWith("Finished in state Failed('Flow run encountered"));
  }

  @Test
  void anErrorWhoseToStringThrowsFailsTheRunLikeAnyOther() {
    workshop.writeFlow(
        """
        throw new RuntimeException() {
          @Override public String toString() { throw new IllegalStateException(); }
          @Override public String getMessage() { throw new IllegalStateException(); }
        };
        """);

    FlowRunRecord run = workshop.runOnce();

    assertThat(run.state().type()).isEqualTo(StateType.FAILED);
    assertThat(run.state().message())
        .isEqualTo(
            "Flow run encountered an exception. TestFlow$1 (its toString throws"
                + " java.lang.IllegalStateException)");
  }

  @Test
  void aFlowThatDoesNotCompileFailsAndTheAgentGoesOn() {
    workshop.writeFlow("int answer = \"forty-two\"; return answer;");
    DeploymentRecord broken = workshop.deploy();
    UUID first = workshop.schedule(broken);
    workshop.agent().build().runOnce();
    workshop.writeFlow("return 42;");
    UUID second = workshop.schedule(broken);
    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(first).type()).isEqualTo(StateType.FAILED);
    assertThat(workshop.stateOf(first).message())
        .startsWith(
            "Flow could not be retrieved from deployment. 'TestFlow.java' doesn't compile.\n"
                + "TestFlow.java:10:18: error: incompatible types");
    assertThat(workshop.stateOf(second).data()).isEqualTo(Map.of("type", "literal", "value", 42));
  }

  @Test
  void aFlowWhoseCodeIsGoneFailsWithTheReason() throws Exception {
    workshop.writeFlow("return 1;");
    DeploymentRecord deployment = workshop.deploy();
    Files.delete(workshop.code.resolve("TestFlow.java"));
    Files.delete(workshop.code);
    UUID run = workshop.schedule(deployment);

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.FAILED);
    assertThat(workshop.stateOf(run).message())
        .startsWith("Flow could not be retrieved from deployment. ")
        .contains(workshop.code.toString());
  }

  @Test
  void wrongParametersFailTheRunBeforeItRuns() {
    workshop.writeFlow("return 1;");
    UUID run = workshop.schedule(workshop.deploy(), Map.of("nobody", "wants this"));

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.FAILED);
    assertThat(workshop.stateOf(run).message())
        .startsWith("Validation of flow parameters failed with error: ")
        .contains("nobody");
    assertThat(workshop.read(run).startTime()).isNull();
  }

  @Test
  void aFlowThatExitsTheVirtualMachineCrashesWithItsLogWhole() {
    workshop.writeFlow("log.info(\"last words\"); System.exit(0); return 1;");

    FlowRunRecord run = workshop.runOnce();

    assertThat(run.state().type()).isEqualTo(StateType.CRASHED);
    assertThat(run.state().message()).isEqualTo("Execution was aborted by a call of System.exit.");
    assertThat(workshop.log(run.id())).contains("last words");
  }

  @Test
  void aFlowThatHaltsTheVirtualMachineIsMissedByItsAgent() {
    workshop.writeFlow("Runtime.getRuntime().halt(9); return 1;");

    FlowRunRecord run = workshop.runOnce();

    assertThat(run.state().type()).isEqualTo(StateType.CRASHED);
    assertThat(run.state().message())
        .isEqualTo("Flow run infrastructure exited with non-zero status code 9.");
  }

  @Test
  void threadsThatAFlowLeavesKeepNobodyWaiting() {
    workshop.writeFlow(
        """
        Thread left = new Thread(() -> {
          while (true) {
            try { Thread.sleep(60_000); } catch (InterruptedException e) { }
          }
        }, "left-over");
        left.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
          try { left.join(); } catch (InterruptedException e) { }
        }));
        Thread dying = new Thread(() -> { throw new IllegalArgumentException("in a thread"); });
        dying.start();
        dying.join();
        return 1;
        """);

    FlowRunRecord run = workshop.runOnce();

    assertThat(run.state().type()).isEqualTo(StateType.COMPLETED);
    assertThat(workshop.log(run.id()))
        .contains("The flow left threads running, which end with its process: left-over")
        .anyMatch(line -> line.contains("java.lang.IllegalArgumentException: in a thread"));
  }

  @Test
  void aFloodOfLogLinesReachesTheRecord() {
    workshop.writeFlow(
        """
        for (int i = 0; i < 50_000; i++) {
          log.info("line {}", i);
        }
        return 1;
        """);

    FlowRunRecord run = workshop.runOnce();

    assertThat(run.state().type()).isEqualTo(StateType.COMPLETED);
    assertThat(workshop.log(run.id()).stream().filter(line -> line.startsWith("line ")).toList())
        .hasSize(50_000)
        .startsWith("line 0", "line 1", "line 2")
        .endsWith("line 49998", "line 49999");
  }

  @Test
  void aFailedRunIsTriedAgainInTheSameProcess() {
    workshop.writeFlow(
        "@Flow(retries = 2, retryDelaySeconds = 0.2)",
        """
        long pid = ProcessHandle.current().pid();
        log.info("try in {}", pid);
        if (Integer.getInteger("tries", 0) < 2) {
          System.setProperty("tries", String.valueOf(Integer.getInteger("tries", 0) + 1));
          throw new IllegalStateException("not yet");
        }
        return "at last";
        """);

    FlowRunRecord run = workshop.runOnce();

    assertThat(run.state().type()).isEqualTo(StateType.COMPLETED);
    assertThat(run.runCount()).isEqualTo(3);
    List<String> tries =
        workshop.log(run.id()).stream().filter(line -> line.startsWith("try in ")).toList();
    assertThat(tries).hasSize(3);
    assertThat(Set.copyOf(tries)).hasSize(1);
  }

  @Test
  void aFlowWhoseTimeIsOverFails() {
    workshop.writeFlow("@Flow(timeoutSeconds = 0.5)", "Thread.sleep(600_000); return 1;");

    FlowRunRecord run = workshop.runOnce();

    assertThat(run.state().type()).isEqualTo(StateType.FAILED);
    assertThat(run.state().name()).isEqualTo("TimedOut");
    assertThat(run.state().message()).isEqualTo("Flow run exceeded timeout of 0.5 seconds");
  }

  @Test
  void aRunThatIsDueLaterIsTakenBeforeAndWaits() {
    workshop.writeFlow("return java.time.Instant.now().toString();");
    Instant due = Instant.now().plusSeconds(4).truncatedTo(ChronoUnit.MILLIS);
    UUID run =
        workshop
            .sheave
            .api()
            .flowRuns()
            .createFlowRun(workshop.deploy().id(), NewFlowRun.at(due))
            .id();

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.COMPLETED);
    assertThat(workshop.read(run).startTime()).isAfterOrEqualTo(due);
  }

  @Test
  void overridesOfDeploymentAndRunReachTheProcess() {
    workshop.writeFlow(
        "return System.getenv(\"A\") + System.getenv(\"B\") + System.getenv(\"HOME\");");
    Map<String, @Nullable Object> overrides = new HashMap<>();
    overrides.put("env.A", "1");
    overrides.put("env.B", "2");
    overrides.put("env.HOME", null);
    DeploymentRecord deployment = workshop.deploy("TestFlow.java:run", null, overrides);
    UUID run =
        workshop
            .sheave
            .api()
            .flowRuns()
            .createFlowRun(
                deployment.id(),
                NewFlowRun.at(Instant.now()).toBuilder()
                    .infraOverrides(Map.of("env.B", "3"))
                    .build())
            .id();

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).data())
        .isEqualTo(Map.of("type", "literal", "value", "13null"));
  }

  @Test
  void infrastructureThatCannotBeFailsTheRunAndTheAgentGoesOn() {
    workshop.writeFlow("return 1;");
    UUID wrong =
        workshop.schedule(
            workshop.deploy("TestFlow.java:run", null, Map.of("working_dir", "/no/where")));
    workshop.agent().build().runOnce();
    UUID right = workshop.schedule(workshop.deploy());
    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(wrong).type()).isEqualTo(StateType.FAILED);
    assertThat(workshop.stateOf(wrong).message())
        .startsWith("Submission failed. The working directory '/no/where' doesn't exist");
    assertThat(workshop.stateOf(right).type()).isEqualTo(StateType.COMPLETED);
  }

  @Test
  void theQueueIsMadeAndTheLimitIsKept() {
    workshop.writeFlow("Thread.sleep(500); return 1;");
    DeploymentRecord deployment = workshop.deploy();
    List<UUID> runs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      runs.add(workshop.schedule(deployment));
    }

    Agent.builder(workshop.sheave)
        .queues("not-there-yet", Workshop.QUEUE)
        .limit(1)
        .build()
        .runOnce();

    assertThat(workshop.sheave.api().workQueues().findWorkQueue("not-there-yet")).isPresent();
    List<FlowRunRecord> ended =
        runs.stream()
            .map(workshop::read)
            .sorted(Comparator.comparing(FlowRunRecord::startTime))
            .toList();
    assertThat(ended).allMatch(run -> run.state().type() == StateType.COMPLETED);
    for (int i = 1; i < ended.size(); i++) {
      assertThat(ended.get(i).startTime()).isAfterOrEqualTo(ended.get(i - 1).endTime());
    }
  }

  @Test
  void runsOfAQueueOfHigherPriorityAreTakenFirst() {
    Path order = directory.resolve("order");
    workshop.writeFlow(
        """
        java.nio.file.Files.writeString(java.nio.file.Path.of("%s"),
            FlowRunContext.current().flowRunId().orElseThrow() + "\\n",
            java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
        return 1;
        """
            .formatted(order));
    DeploymentRecord deployment = workshop.deploy();
    var queues = workshop.sheave.api().workQueues();
    queues.updateWorkQueue(
        queues.findWorkQueue(Workshop.QUEUE).orElseThrow().id(),
        WorkQueueUpdate.NONE.withPriority(2));
    UUID later = workshop.schedule(deployment);
    queues.createWorkQueue("urgent", null, null);
    queues.updateWorkQueue(
        queues.findWorkQueue("urgent").orElseThrow().id(), WorkQueueUpdate.NONE.withPriority(1));
    UUID first = workshop.schedule(workshop.deployTo("urgent"));

    Agent.builder(workshop.sheave).queues(Workshop.QUEUE, "urgent").limit(1).build().runOnce();

    assertThat(order).hasContent(first + "\n" + later);
  }

  @Test
  void theSettingsOfAnAgentCanBeReadBack() {
    Agent.Builder settings = Agent.builder(workshop.sheave);
    assertThat(settings.queues()).isEmpty();
    assertThat(settings.limit()).isEmpty();
    assertThat(settings.maxStarts()).isEqualTo(Agent.DEFAULT_MAX_STARTS);
    assertThat(settings.prefetch()).isEqualTo(Agent.DEFAULT_PREFETCH);
    assertThat(settings.pollInterval()).isEqualTo(Agent.DEFAULT_POLL_INTERVAL);

    settings.queues("a", "b").limit(3).maxStarts(2).prefetch(Duration.ofSeconds(1));
    settings.pollInterval(Duration.ofSeconds(4));
    assertThat(settings.queues()).containsExactly("a", "b");
    assertThat(settings.limit()).hasValue(3);
    assertThat(settings.maxStarts()).isEqualTo(2);
    assertThat(settings.prefetch()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.pollInterval()).isEqualTo(Duration.ofSeconds(4));
    assertThatThrownBy(() -> settings.maxStarts(0).build())
        .hasMessage("The number of flow runs that start at once must be 1 or more, not 0.");
  }
}
