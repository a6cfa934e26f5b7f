package dev.sheave.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the programs that a run has started in the background when it is cancelled. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class CancelledChildrenTest {
  private static final String SLEEP = "sh -c 'echo $$; exec sleep 600'";

  /** To be found wherever the run works. */
  private static final String NOHUP = "nohup " + SLEEP + " &";

  private static final String SETSID = "setsid " + SLEEP + " &";
  private static final String DOUBLE_FORK = "( ( " + SLEEP + " & ) & )";
  private static final String SETSID_AND_DOUBLE_FORK = "( setsid sh -c \"" + SLEEP + " &\" & )";
  private static final String NO_ENVIRONMENT = "env -i " + SLEEP + " &";
  private static final String NO_ENVIRONMENT_NOR_SESSION = "( env -i setsid " + SLEEP + " & )";

  /** A daemon as books have it. */
  private static final String DAEMON =
      "( cd / && env -i setsid sh -c \"" + SLEEP + " &\" </dev/null & )";

  @TempDir private Path home;
  private final UUID run = UUID.randomUUID();
  private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
  private final ProcessInfrastructure block = ProcessInfrastructure.builder().build();
  private ProcessHandle child = ProcessHandle.current();

  @AfterEach
  void end() {
    if (!child.equals(ProcessHandle.current())) {
      child.destroyForcibly();
    }
  }

  private RunRequest request() {
    return request(1);
  }

  private RunRequest request(int attempt) {
    return RunRequest.builder(run, "wise-owl", ApiAccess.to("http://localhost/api"))
        .home(home)
        .attempt(attempt)
        .settings(Map.of("SHEAVE__ATTEMPT", Integer.toString(attempt)))
        .output(output::add)
        .build();
  }

  private RunningInfrastructure start(String script) throws Exception {
    return start(script, request());
  }

  private RunningInfrastructure start(String script, RunRequest request) throws Exception {
    RunningInfrastructure running =
        ProcessInfrastructure.builder()
            .command(List.of("bash", "-c", script + "\nsleep 600; :"))
            .build()
            .start(request);
    String pid = output.poll(30, TimeUnit.SECONDS);
    child = ProcessHandle.of(Long.parseLong(String.valueOf(pid))).orElseThrow();
    return running;
  }

  private void assertChildIsEnded() throws Exception {
    assertIsEnded(child);
  }

  /** Who is ended may still wait for somebody to see it. */
  private static void assertIsEnded(ProcessHandle process) throws Exception {
    process.onExit().get(10, TimeUnit.SECONDS);
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void ofALaterAttemptAreNotThoseOfTheOneThatIsEnded() throws Exception {
    RunningInfrastructure first = start(NOHUP);
    ProcessHandle ofFirst = child;
    RunningInfrastructure second = start(NOHUP, request(2));

    first.kill(Duration.ofSeconds(5));

    assertIsEnded(ofFirst);
    assertThat(child.isAlive()).isTrue();
    assertThat(second.ended().toCompletableFuture()).isNotDone();

    second.kill(Duration.ofSeconds(5));
    assertChildIsEnded();
  }

  /** Control groups are root's, or of those to whom theirs was delegated. */
  private void assumeControlGroup() {
    boolean isThere = RunCgroup.create(run, 1).isPresent();
    assumeTrue(isThere, "no control group (version 2) can be made here; root can as a rule");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        NOHUP,
        SETSID,
        DOUBLE_FORK,
        SETSID_AND_DOUBLE_FORK,
        NO_ENVIRONMENT,
        NO_ENVIRONMENT_NOR_SESSION,
        DAEMON
      })
  void endWithTheRunInAControlGroup(String script) throws Exception {
    assumeControlGroup();
    RunningInfrastructure running = start(script);
    assertThat(running.killLimits()).isEmpty();

    running.kill(Duration.ofSeconds(5));

    assertChildIsEnded();
    assertThat(RunCgroup.existing(run, 1)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        NOHUP,
        SETSID,
        DOUBLE_FORK,
        SETSID_AND_DOUBLE_FORK,
        NO_ENVIRONMENT,
        NO_ENVIRONMENT_NOR_SESSION
      })
  void endWithTheRunWithoutAControlGroup(String script) throws Exception {
    RunningInfrastructure running = start(outOfTheControlGroup() + script);

    running.kill(Duration.ofSeconds(5));

    assertChildIsEnded();
  }

  /** What root's run can do, to be as another user's. */
  private static String outOfTheControlGroup() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
        .filter(line -> line.split(" ")[2].equals("cgroup2"))
        .map(line -> "{ echo $$ >" + line.split(" ")[1] + "/cgroup.procs; } 2>/dev/null\n")
        .findFirst()
        .orElse("");
  }

  @ParameterizedTest
  @ValueSource(strings = {NOHUP, SETSID, DOUBLE_FORK, NO_ENVIRONMENT_NOR_SESSION})
  void endWithTheRunWhoseProcessIsGone(String script) throws Exception {
    RunningInfrastructure running = start(outOfTheControlGroup() + script);
    String pid = running.pid();
    ProcessHandle.of(Long.parseLong(pid.substring(pid.indexOf(':') + 1)))
        .orElseThrow()
        .destroyForcibly();
    running.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
    running.remove();
    assertThatThrownBy(() -> block.attach(request(), pid, null))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND));

    block.endLeftovers(request(), pid, Duration.ofSeconds(5));

    assertChildIsEnded();
  }
}
