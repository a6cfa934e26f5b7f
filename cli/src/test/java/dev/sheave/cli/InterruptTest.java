package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.StateType;
import dev.sheave.testkit.OwnProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C and worse, while a run goes on. */
@DisabledOnOs(OS.WINDOWS)
class InterruptTest {
  private static final int LINES = 40;

  @TempDir Path folder;
  Shell shell;
  Sheave sheave;
  Path output;

  @BeforeEach
  void aFlow() throws IOException {
    shell = new Shell(folder);
    output = folder.resolve("output");
    sheave = Sheave.builder().home(shell.home()).connect();
    shell.write(
        "Count.java",
        """
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.FlowRunContext;
        import dev.sheave.flow.Param;

        public final class Count {
          @Flow(name = "count")
          public static void count(@Param("to") int to) throws InterruptedException {
            for (int i = 1; i <= to; i++) {
              FlowRunContext.current().logger().info("line {}", i);
              Thread.sleep(50);
            }
          }
        }
        """);
  }

  @AfterEach
  void close() {
    sheave.close();
  }

  /** Starts {@code sheave} in a process of its own. */
  private Process start(String... words) throws IOException {
    ProcessBuilder builder =
        OwnProcess.java(List.of(), Main.class, words)
            .directory(shell.directory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("SHEAVE_HOME", shell.home().toString());
    return builder.start();
  }

  private static void interrupt(Process process) throws Exception {
    assertThat(new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor()).isZero();
  }

  private int exitCode(Process process) throws Exception {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(Files.readString(output)).isTrue();
    return process.exitValue();
  }

  private FlowRunRecord run() {
    return sheave
        .api()
        .flowRuns()
        .listFlowRuns(FlowRunFilter.ALL, FlowRunSort.CREATED_DESC, Page.first(1))
        .get(0);
  }

  private List<String> lines() {
    return sheave.api().flowRuns().listLogs(run().id(), null, Page.FIRST).stream()
        .map(LogLine::line)
        .map(line -> line.message())
        .filter(text -> text.startsWith("line "))
        .toList();
  }

  private void awaitFirstLine() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreException(IndexOutOfBoundsException.class) // there is no run yet
        .until(() -> !lines().isEmpty());
  }

  private void awaitState(StateType type) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(run().state().type()).isEqualTo(type));
  }

  @Test
  void ctrlCCancelsTheRunOfARunCommand() throws Exception {
    Process command = start("run", "Count.java:count", "-p", "to=100000");
    awaitFirstLine();

    interrupt(command);

    assertThat(exitCode(command)).isEqualTo(130);
    assertThat(Files.readString(output))
        .contains("Cancelling the flow run; Ctrl-C again ends it at once.\n")
        .endsWith("ended as Cancelled.\n");
    assertThat(run().state().type()).isEqualTo(StateType.CANCELLED);
    String pid = String.valueOf(run().infrastructurePid());
    assertThat(ProcessHandle.of(Long.parseLong(pid.substring(pid.lastIndexOf(':') + 1)))).isEmpty();
  }

  @Test
  void aRunOutlivesItsKilledCommandAndItsLogIsWhole() throws Exception {
    Process command = start("run", "Count.java:count", "-p", "to=" + LINES);
    awaitFirstLine();

    command.destroyForcibly();

    awaitState(StateType.COMPLETED);
    assertThat(lines()).hasSize(LINES).endsWith("line " + LINES);
  }

  @Test
  void ctrlCLetsTheRunsOfAnAgentEnd() throws Exception {
    shell.sheave("deployment build Count.java:count -n here -q test --skip-upload --apply");
    shell.sheave("deployment run count/here --param to=" + LINES);
    Process agent = start("agent", "start", "-q", "test");
    awaitFirstLine();

    interrupt(agent);

    assertThat(exitCode(agent)).isZero();
    assertThat(run().state().type()).isEqualTo(StateType.COMPLETED);
    assertThat(lines()).hasSize(LINES).endsWith("line " + LINES);
    assertThat(Files.readString(output))
        .contains("Stopping when the runs in progress have ended.")
        .contains("line " + LINES)
        .endsWith("Agent stopped!\n");
  }
}
