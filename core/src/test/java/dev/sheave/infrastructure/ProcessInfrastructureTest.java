package dev.sheave.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.infrastructure.Ended.Kind;
import dev.sheave.infrastructure.internal.ExitCodes;
import dev.sheave.infrastructure.internal.RunOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class ProcessInfrastructureTest {
  @TempDir Path home;

  private final UUID run = UUID.randomUUID();
  private final BlockingQueue<String> output = new LinkedBlockingQueue<>();

  private RunRequest request() {
    return request(1).build();
  }

  private RunRequest.Builder request(int attempt) {
    return RunRequest.builder(
            run, "wise-owl", ApiAccess.to("http://localhost/api").withKey(Secret.of("the-key")))
        .attempt(attempt)
        .home(home)
        .output(output::add);
  }

  private static ProcessInfrastructure.Builder shell(String script) {
    return ProcessInfrastructure.builder().command(List.of("sh", "-c", script));
  }

  /** Awaits the end, and removes what is kept. */
  private static OptionalInt exitOf(RunningInfrastructure running) throws Exception {
    Ended ended = running.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
    running.remove();
    return ended.exitCode();
  }

  private String nextLine() throws InterruptedException {
    String line = output.poll(30, TimeUnit.SECONDS);
    assertThat(line).isNotNull();
    return line == null ? "" : line;
  }

  @Test
  void aProcessRunsAndItsOutputIsHandedOn() throws Exception {
    RunningInfrastructure running =
        shell("echo to out; echo to error >&2; printf 'no end'; exit 3").build().start(request());

    assertThat(exitOf(running)).hasValue(3);
    assertThat(output).containsExactly("to out", "to error", "no end");
    assertThat(running.pid()).matches(".+:\\d+");
  }

  @Test
  void outputComesWhileTheProcessRuns() throws Exception {
    RunningInfrastructure running = shell("echo started; sleep 600").build().start(request());

    assertThat(nextLine()).isEqualTo("started");
    running.kill(Duration.ofSeconds(10));
    assertThat(exitOf(running)).hasValue(143);
  }

  @Test
  void outputIsNotHandedOnIfItIsNotWanted() throws Exception {
    RunningInfrastructure running = shell("echo hi").streamOutput(false).build().start(request());

    assertThat(exitOf(running)).hasValue(0);
    assertThat(output).isEmpty();
  }

  @Test
  void theEnvironmentIsTheParentsWithTheBlocksOverIt() throws Exception {
    Map<String, @Nullable String> env = new HashMap<>();
    env.put("GREETING", "hello");
    env.put("HOME", null);
    exitOf(
        shell("echo \"$GREETING-${HOME-unset}-$PATH\"; echo $SHEAVE__FLOW_RUN_ID $SHEAVE_HOME")
            .env(env)
            .build()
            .start(request()));

    assertThat(nextLine()).isEqualTo("hello-unset-" + System.getenv("PATH"));
    assertThat(nextLine()).isEqualTo(run + " " + home);
  }

  @Test
  void theKeyComesOverStandardInputAndNowhereElse() throws Exception {
    exitOf(
        shell("read key; echo $key; env; tr '\\0' ' ' < /proc/$$/cmdline; cat")
            .build()
            .start(request()));

    assertThat(nextLine()).isEqualTo("the-key");
    assertThat(output).noneMatch(line -> line.contains("the-key"));
  }

  @Test
  void itWorksInAnEmptyDirectoryThatIsRemovedOrInTheOneThatWasAskedFor(@TempDir Path directory)
      throws Exception {
    exitOf(shell("pwd; ls -A; touch left-over").build().start(request()));
    Path own = Path.of(nextLine());
    assertThat(own).startsWithRaw(home.toRealPath()).doesNotExist();
    assertThat(output).isEmpty();
    assertThat(home.resolve("runs")).isEmptyDirectory();

    exitOf(shell("pwd").workingDir(directory.toString()).build().start(request()));
    assertThat(nextLine()).isEqualTo(directory.toRealPath().toString());

    assertThatThrownBy(() -> shell("pwd").workingDir(home + "/nowhere").build().start(request()))
        .hasMessage(
            "The working directory '"
                + home
                + "/nowhere' doesn't exist; create it, or change 'working_dir'.");
    assertThat(home.resolve("runs")).isEmptyDirectory();
  }

  @Test
  void aProcessHasASessionOfItsOwn() throws Exception {
    exitOf(shell("cut -d' ' -f1,6 /proc/$$/stat").build().start(request()));

    String[] pidAndSession = nextLine().split(" ");
    assertThat(pidAndSession[0]).isEqualTo(pidAndSession[1]);
  }

  @Test
  void killingAsksFirstAndThenForces() throws Exception {
    RunningInfrastructure polite =
        shell("trap 'echo goodbye; exit 5' TERM; echo ready; while :; do sleep 0.1; done")
            .build()
            .start(request());
    assertThat(nextLine()).isEqualTo("ready");
    polite.kill(Duration.ofSeconds(20));
    assertThat(exitOf(polite)).hasValue(5);
    assertThat(output).contains("goodbye");
    output.clear();

    RunningInfrastructure deaf =
        shell("trap '' TERM; echo ready; while :; do sleep 0.1; done").build().start(request());
    assertThat(nextLine()).isEqualTo("ready");
    deaf.kill(Duration.ofMillis(200));
    assertThat(exitOf(deaf)).hasValue(137);
  }

  @Test
  void killingEndsWhatTheProcessHasStarted() throws Exception {
    RunningInfrastructure running = shell("sleep 600 & echo $!; wait").build().start(request());
    ProcessHandle child = ProcessHandle.of(Long.parseLong(nextLine())).orElseThrow();

    running.kill(Duration.ofSeconds(10));
    child.onExit().get(10, TimeUnit.SECONDS);
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void anotherProgramFindsAProcessByItsPid() throws Exception {
    ProcessInfrastructure block = shell("echo ready; sleep 600").build();
    RunningInfrastructure running = block.start(request());
    assertThat(nextLine()).isEqualTo("ready");

    RunningInfrastructure found = block.attach(request(), running.pid(), null);
    found.kill(Duration.ofSeconds(10));
    Ended killed = new Ended(Kind.KILLED, OptionalInt.of(143), ExitCodes.explain(143).orElse(null));
    assertThat(found.ended().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(killed);
    assertThat(running.ended().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(killed);
    running.remove();
    assertThatThrownBy(() -> block.attach(request(), running.pid(), null))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND));
  }

  @Test
  void whatOnlyHasThePidByChanceIsNotFound() throws Exception {
    ProcessInfrastructure block = shell("echo ready; sleep 600").build();
    RunningInfrastructure running = block.start(request());
    assertThat(nextLine()).isEqualTo("ready");

    RunRequest another =
        RunRequest.builder(UUID.randomUUID(), "owl", request().api()).home(home).build();
    assertThatThrownBy(() -> block.attach(another, running.pid(), null))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND));
    assertThatThrownBy(() -> block.attach(request(), "elsewhere:1", null))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.OUT_OF_REACH));
    running.kill(Duration.ZERO);
  }

  @Test
  void aCommandThatIsNotThereIsExplained() throws Exception {
    RunningInfrastructure running =
        ProcessInfrastructure.builder()
            .command(List.of("no-such-command"))
            .build()
            .start(request());

    assertThat(running.ended().toCompletableFuture().get(30, TimeUnit.SECONDS))
        .isEqualTo(
            new Ended(
                Kind.NEVER_STARTED,
                OptionalInt.of(127),
                "The command 'no-such-command' was not found."));
    assertThat(output).containsExactly("no-such-command: not found");
    assertThat(ExitCodes.explain(127)).hasValue("This indicates that the command was not found.");
    assertThatThrownBy(() -> ProcessInfrastructure.builder().command(List.of()).build())
        .hasMessage("A run cannot be started with an empty command; leave 'command' out.");
  }

  @Test
  void withoutTheRuntimeInTheClassPathItSaysSo() {
    assertThatThrownBy(() -> ProcessInfrastructure.builder().build().start(request()))
        .hasMessage(
            "Flow runs can't be started in processes from here: dev.sheave:sheave-runtime isn't"
                + " on the class path of this program. Add it, or set SHEAVE_RUNTIME to"
                + " the lib folder of an installation.");
  }

  @Test
  void whatIsLeftOfUnattendedProcessesIsRemovedLater() throws Exception {
    RunningInfrastructure alive = shell("echo ready; sleep 600").build().start(request());
    assertThat(nextLine()).isEqualTo("ready");
    Path gone = leftOver(UUID.randomUUID(), alive.pid(), 0);
    Path elsewhere = leftOver(UUID.randomUUID(), "elsewhere:1", 0);
    Path recent = leftOver(UUID.randomUUID(), alive.pid(), System.currentTimeMillis());
    Path old = leftOver(run, alive.pid(), 0);

    exitOf(shell("true").build().start(request(2).build()));

    assertThat(gone).doesNotExist();
    assertThat(elsewhere).exists();
    assertThat(recent).exists();
    assertThat(old).exists();
    alive.kill(Duration.ZERO);
  }

  private Path leftOver(UUID flowRunId, String pid, long modified) throws Exception {
    Path folder = Files.createDirectories(home.resolve("runs").resolve(flowRunId + "-7"));
    Files.writeString(folder.resolve("pid"), pid);
    assertThat(folder.toFile().setLastModified(modified)).isTrue();
    return folder;
  }

  @Test
  void whatAnEarlierAttemptHadBegunIsRemovedWithThisOne() throws Exception {
    Path begun = Files.createDirectories(home.resolve("runs").resolve(run + "-1"));
    Path other = Files.createDirectories(home.resolve("runs").resolve(UUID.randomUUID() + "-1"));
    Path started = leftOver(run, "elsewhere:1234", System.currentTimeMillis());

    exitOf(shell("true").build().start(request(8).build()));

    assertThat(begun).doesNotExist();
    assertThat(home.resolve("runs").toFile().listFiles())
        .containsExactlyInAnyOrder(other.toFile(), started.toFile());
  }

  @Test
  void whichProcessItIsIsNotedBeforeItIsTheRuns() throws Exception {
    RunningInfrastructure running =
        shell("head -1 ../pid; echo $SHEAVE__INFRASTRUCTURE_PID; sleep 600")
            .build()
            .start(request());

    assertThat(nextLine()).isEqualTo(running.pid());
    assertThat(nextLine()).isEqualTo(running.pid());
    ProcessInfrastructure block = ProcessInfrastructure.builder().build();
    try (RunningInfrastructure found = block.attach(request(), null, null)) {
      assertThat(found.pid()).isEqualTo(running.pid());
    }
    assertThatThrownBy(() -> block.attach(request(2).build(), null, null))
        .hasMessage("No process was started for attempt 2 of flow run '" + run + "'.");
    running.kill(Duration.ZERO);
    assertThat(exitOf(running)).hasValue(137);
    assertThatThrownBy(() -> block.attach(request(), null, null))
        .hasMessage("No process was started for attempt 1 of flow run '" + run + "'.");
  }

  @Test
  void theExitCodeIsKeptAlsoIfNobodyIsThereAtTheEnd() throws Exception {
    ProcessInfrastructure block =
        shell("echo one; while [ ! -e ../go ]; do sleep 0.05; done; echo two; exit 7").build();
    RunningInfrastructure first = block.start(request());
    assertThat(nextLine()).isEqualTo("one");
    first.close();
    Files.createFile(home.resolve("runs").resolve(run + "-1").resolve("go"));

    Ended ended = Ended.gone("not yet");
    while (ended.kind() == Kind.GONE) {
      try (RunningInfrastructure found = block.attach(request(), null, first.position())) {
        ended = found.ended().toCompletableFuture().getNow(ended);
      }
    }
    assertThat(ended).isEqualTo(new Ended(Kind.EXITED, OptionalInt.of(7), null));
  }

  /** Shells don't know them. */
  @Test
  void variablesOfOddNamesAreHandedOn() throws Exception {
    exitOf(
        ProcessInfrastructure.builder()
            .command(List.of("env"))
            .env(Map.of("my.setting", "kept"))
            .build()
            .start(request()));

    assertThat(output).contains("my.setting=kept");
  }

  @Test
  void whatAProcessPrintsIsKeptToABoundAndThatIsSaid() throws Exception {
    RunningInfrastructure running =
        shell(
                "echo first; yes "
                    + "x".repeat(1023)
                    + " | head -c "
                    + 2 * RunOutputStream.MAX_BYTES
                    + "; echo last; sleep 600")
            .build()
            .start(request());

    String cut =
        "[Sheave keeps "
            + RunOutputStream.MAX_BYTES
            + " bytes of what a run prints; the rest is left out.]";
    String line = nextLine();
    assertThat(line).isEqualTo("first");
    while (!line.equals(cut)) {
      line = nextLine();
    }
    running.kill(Duration.ZERO);
    exitOf(running);
    assertThat(output).isEmpty();
  }

  @Test
  void exitCodesOfSignalsAreExplained() {
    assertThat(ExitCodes.explain(137))
        .hasValueSatisfying(text -> assertThat(text).contains("SIGKILL"));
    assertThat(ExitCodes.explain(-9)).isEqualTo(ExitCodes.explain(137));
    assertThat(ExitCodes.explain(143))
        .hasValueSatisfying(text -> assertThat(text).contains("SIGTERM"));
    assertThat(ExitCodes.explain(1)).isEmpty();
  }

  @Test
  void theBlockSaysHowLongWhatIsCancelledMayTakeToEnd() {
    ProcessInfrastructure usual = shell("sleep 600").build();
    ProcessInfrastructure patient = usual.toBuilder().stopGrace(Duration.ofMinutes(5)).build();
    RunningInfrastructure running = patient.start(request());

    assertThat(running.stopGrace()).isEqualTo(Duration.ofMinutes(5));
    assertThat(usual.attach(request(), running.pid(), null).stopGrace())
        .isEqualTo(Duration.ofSeconds(30));
    running.kill(Duration.ZERO);
    running.remove();
    assertThatThrownBy(() -> usual.toBuilder().stopGrace(Duration.ofSeconds(-1)).build())
        .hasMessage("'stop_grace' can't be negative.");
  }
}
