package dev.sheave.testkit.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.Ended.Kind;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.infrastructure.StandingRun;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.Assumptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of {@link Infrastructure}, with commands of a POSIX shell as runs.
 *
 * <p>A subclass has a constructor without parameters, and isn't an inner class: a program of its
 * own creates it, too, and is killed.
 */
@Timeout(300)
public abstract class InfrastructureContract {
  private static final String KEY = "the-key-of-this-run";

  /** Prints what the run was given as its key. */
  private static final String PRINT_KEY =
      "if [ -n \"$SHEAVE_API_KEY_FILE\" ]; then head -n 1 \"$SHEAVE_API_KEY_FILE\";"
          + " else read key; echo \"$key\"; fi";

  @TempDir Path home;

  private final UUID run = UUID.randomUUID();
  private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
  private final List<RunningInfrastructure> started = new ArrayList<>();

  /** For the backend's test. */
  protected InfrastructureContract() {}

  /** Returns a block that runs a command, with output streamed and all else as by default. */
  protected abstract Infrastructure infrastructure(
      List<String> command, Map<String, @Nullable String> env);

  /** Ends what runs by force, as somebody does who knows nothing of Sheave. */
  protected abstract void killAsAStranger(RunningInfrastructure running) throws Exception;

  /** Returns a pid as this infrastructure has it, of a place that isn't reached from here. */
  protected abstract String pidOutOfReach();

  /**
   * The names of the tests that don't apply, since the infrastructure can't do what they ask; its
   * documentation says so. Each is counted as skipped.
   */
  protected Set<String> waived() {
    return Set.of();
  }

  @BeforeEach
  final void skipWaived(TestInfo test) {
    String name = test.getTestMethod().map(Method::getName).orElse("");
    Assumptions.assumeThat(waived()).as(name + " is waived").doesNotContain(name);
  }

  /** How many runs are started at once in the test of many. */
  protected int many() {
    return 100;
  }

  @AfterEach
  final void removeAll() {
    for (RunningInfrastructure each : started) {
      if (!each.ended().toCompletableFuture().isDone()) {
        each.kill(Duration.ZERO);
      }
      each.remove();
    }
  }

  private Infrastructure shell(String script) {
    return infrastructure(List.of("sh", "-c", script), Map.of());
  }

  private RunRequest.Builder request(UUID id) {
    ApiAccess access = ApiAccess.to("https://sheave.test/api").withKey(Secret.of(KEY));
    return RunRequest.builder(id, "wise-owl", access)
        .flowName("log-flow")
        .home(home)
        .output(output::add);
  }

  private RunRequest request() {
    return request(run).build();
  }

  private RunningInfrastructure start(Infrastructure where, RunRequest request) {
    RunningInfrastructure running = where.start(request);
    synchronized (started) {
      started.add(running);
    }
    return running;
  }

  private RunningInfrastructure start(String script) {
    return start(shell(script), request());
  }

  private static Ended endOf(RunningInfrastructure running) throws Exception {
    return running.ended().toCompletableFuture().get(120, TimeUnit.SECONDS);
  }

  private String nextLine() throws InterruptedException {
    String line = output.poll(60, TimeUnit.SECONDS);
    assertThat(line).as("the next line of output").isNotNull();
    return line == null ? "" : line;
  }

  private static Code codeOf(Callable<?> call) {
    try {
      Object result = call.call();
      throw new AssertionError("There is " + result);
    } catch (SheaveException e) {
      return e.code();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 125})
  void theExitCodeIsTheCommands(int code) throws Exception {
    Ended ended = endOf(start("exit " + code));

    assertThat(ended.kind()).isEqualTo(Kind.EXITED);
    assertThat(ended.exitCode()).hasValue(code);
  }

  @Test
  void aCommandThatIsNotThereNeverStartsAndTheReasonNamesIt() throws Exception {
    Ended ended = endOf(start(infrastructure(List.of("no-such-command"), Map.of()), request()));

    assertThat(ended.kind()).isEqualTo(Kind.NEVER_STARTED);
    assertThat(ended.reason()).contains("no-such-command");
  }

  @Test
  void outputIsDeliveredToItsLastLineWithoutAnEnd() throws Exception {
    endOf(start("echo first; printf last"));

    assertThat(output).containsExactly("first", "last");
  }

  @Test
  void standardErrorIsOutputToo() throws Exception {
    endOf(start("echo first; echo error >&2"));

    assertThat(output).containsExactlyInAnyOrder("first", "error");
  }

  @Test
  void muchOutputIsDeliveredInOrder() throws Exception {
    endOf(start("i=0; while [ $i -lt 5000 ]; do i=$((i+1)); echo \"line $i\"; done"));

    assertThat(output)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 5000).mapToObj(i -> "line " + i).toList());
  }

  @Test
  void outputComesWhileItRuns() throws Exception {
    RunningInfrastructure running = start("echo started; sleep 600");

    assertThat(nextLine()).isEqualTo("started");
    assertThat(running.ended().toCompletableFuture()).isNotDone();
  }

  @Test
  void theEnvironmentIsSetAndUnset() throws Exception {
    Map<String, @Nullable String> env = new HashMap<>();
    env.put("GREETING", "hello, \"you\" $HOME\nand you");
    env.put("SHEAVE_API_URL", null);
    RunRequest request = request(run).settings(Map.of("SETTING", "one", "GREETING", "x")).build();
    String script =
        "echo \"$GREETING\"; echo \"${SHEAVE_API_URL-unset} $SETTING $SHEAVE__FLOW_RUN_ID\"";
    endOf(start(infrastructure(List.of("sh", "-c", script), env), request));

    assertThat(output).containsExactly("hello, \"you\" $HOME", "and you", "unset one " + run);
  }

  @Test
  void theKeyComesByStandardInputOrAFileAndIsShownNowhere() throws Exception {
    Infrastructure where = shell(PRINT_KEY + "; env; tr '\\0' ' ' </proc/$$/cmdline; echo");
    endOf(start(where, request()));

    assertThat(nextLine()).isEqualTo(KEY);
    assertThat(output).noneMatch(line -> line.contains(KEY));
    assertThat(where.preview(request())).doesNotContain(KEY);
  }

  @Test
  void killingAsksFirst() throws Exception {
    RunningInfrastructure running =
        start("trap 'echo goodbye; exit 5' TERM; echo ready; while :; do sleep 0.1; done");
    assertThat(nextLine()).isEqualTo("ready");

    running.kill(Duration.ofSeconds(60));

    assertThat(endOf(running).exitCode()).hasValue(5);
    assertThat(output).contains("goodbye");
  }

  @Test
  void killingForcesWhatDoesNotEnd() throws Exception {
    RunningInfrastructure running = start("trap '' TERM; echo ready; while :; do sleep 0.1; done");
    assertThat(nextLine()).isEqualTo("ready");

    running.kill(Duration.ofMillis(200));

    assertThat(endOf(running).kind()).isEqualTo(Kind.KILLED);
  }

  @Test
  void aStrangersKillIsSeenWithAReason() throws Exception {
    RunningInfrastructure running = start("echo ready; exec sleep 600");
    assertThat(nextLine()).isEqualTo("ready");

    killAsAStranger(running);

    Ended ended = endOf(running);
    assertThat(output).isEmpty();
    assertThat(ended.kind()).isEqualTo(Kind.KILLED);
    assertThat(ended.reason()).isNotBlank();
  }

  @Test
  void itIsFoundByItsPidAndByItsNameAndKilledByWhoFoundIt() throws Exception {
    Infrastructure where = shell("echo ready; exec sleep 600");
    RunningInfrastructure running = start(where, request());
    assertThat(nextLine()).isEqualTo("ready");

    try (RunningInfrastructure byPid = where.attach(request(), running.pid(), null);
        RunningInfrastructure byName = where.attach(request(), null, null)) {
      assertThat(byPid.pid()).isEqualTo(running.pid());
      assertThat(byName.pid()).isEqualTo(running.pid());
      byName.kill(Duration.ofSeconds(30));
      Ended ended = endOf(running);
      assertThat(ended.kind()).isEqualTo(Kind.KILLED);
      assertThat(endOf(byPid)).isEqualTo(ended);
      assertThat(endOf(byName)).isEqualTo(ended);
    }
  }

  @Test
  void whoeverAttachesAfterTheEndGetsItWithAllOutput() throws Exception {
    Infrastructure where = shell("echo one; printf two; exit 7");
    RunningInfrastructure running = start(where, request());
    Ended ended = endOf(running);
    output.clear();

    try (RunningInfrastructure found = where.attach(request(), null, null)) {
      assertThat(found.ended().toCompletableFuture()).isCompletedWithValue(ended);
      assertThat(found.pid()).isEqualTo(running.pid());
    }
    assertThat(ended.exitCode()).hasValue(7);
    assertThat(output).containsExactly("one", "two");
  }

  @Test
  void outputGoesOnFromAPosition() throws Exception {
    Infrastructure where = shell("echo one; echo two; echo three");
    RunningInfrastructure running = start(where, request());
    endOf(running);
    output.clear();

    endOf(where.attach(request(), null, running.position()));
    assertThat(output).isEmpty();
  }

  @Test
  void afterEachLineItsPlaceIsToldFromWhichOutputGoesOn() throws Exception {
    Infrastructure where = shell("echo one; echo two; echo three; printf four");
    List<String> told = new CopyOnWriteArrayList<>();
    RunRequest request = request(run).output(told::add).positions(told::add).build();
    endOf(start(where, request));

    assertThat(told).hasSize(8);
    for (int i = 0; i < told.size(); i += 2) {
      output.clear();
      try (RunningInfrastructure rest = where.attach(request(), null, told.get(i + 1))) {
        endOf(rest);
      }
      List<String> expected = new ArrayList<>();
      for (int later = i + 2; later < told.size(); later += 2) {
        expected.add(told.get(later));
      }
      assertThat(output).as("after " + told.get(i)).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void whoseStarterIsKilledIsFollowedByTheNextWithTheWholeLogAndTheRightCode() throws Exception {
    String script = "echo one; echo two; sleep 5; echo three; printf four; exit 7";
    KilledStarter.Seen seen = KilledStarter.run(getClass(), script, home, run, 2);
    assertThat(seen.lines()).containsExactly("one", "two");

    RunningInfrastructure rest = shell(script).attach(request(), null, seen.position());
    started.add(rest);
    Ended ended = endOf(rest);
    assertThat(ended.kind()).isEqualTo(Kind.EXITED);
    assertThat(ended.exitCode()).hasValue(7);
    assertThat(output).containsExactly("three", "four");

    output.clear();
    try (RunningInfrastructure whole = shell(script).attach(request(), rest.pid(), null)) {
      assertThat(endOf(whole)).isEqualTo(ended);
    }
    assertThat(output).containsExactly("one", "two", "three", "four");
  }

  @Test
  void startingAgainFindsWhatWasStarted() throws Exception {
    Infrastructure where = shell("echo started; sleep 600");
    RunningInfrastructure first = start(where, request());
    RunningInfrastructure again = start(where, request());
    RunningInfrastructure nextAttempt = start(where, request(run).attempt(2).build());

    assertThat(again.pid()).isEqualTo(first.pid());
    assertThat(nextAttempt.pid()).isNotEqualTo(first.pid());
    first.kill(Duration.ZERO);
    assertThat(endOf(again)).isEqualTo(endOf(first));
    assertThat(start(where, request()).ended().toCompletableFuture())
        .isCompletedWithValue(endOf(first));
  }

  @Test
  void startedBySeveralAtOnceItIsStartedOnce() throws Exception {
    Infrastructure where = shell("echo started; exec sleep 600");
    List<RunningInfrastructure> all =
        inParallel(4, 4, i -> start(where, request(run).output(line -> {}).build()));

    assertThat(all).extracting(RunningInfrastructure::pid).containsOnly(all.get(0).pid());
    try (RunningInfrastructure found = where.attach(request(), null, null)) {
      assertThat(nextLine()).isEqualTo("started");
      found.kill(Duration.ZERO);
      endOf(found);
    }
    assertThat(output).isEmpty();
  }

  @Test
  void nothingIsFoundOfWhatWasNotStartedOrIsRemoved() throws Exception {
    Infrastructure where = shell("true");
    assertThat(codeOf(() -> where.attach(request(), null, null))).isEqualTo(Code.NOT_FOUND);
    RunningInfrastructure running = start(where, request());
    RunRequest another = request(UUID.randomUUID()).build();
    assertThat(codeOf(() -> where.attach(another, running.pid(), null))).isEqualTo(Code.NOT_FOUND);
    endOf(running);

    running.remove();
    running.remove();

    assertThat(codeOf(() -> where.attach(request(), null, null))).isEqualTo(Code.NOT_FOUND);
    assertThat(codeOf(() -> where.attach(request(), running.pid(), null)))
        .isEqualTo(Code.NOT_FOUND);
  }

  @Test
  void whatStandsOfARunIsListedForItsStoreAloneUntilItIsRemoved() throws Exception {
    UUID store = UUID.randomUUID();
    RunRequest request = request(run).store(store).attempt(3).build();
    Infrastructure where = shell("echo ready; exec sleep 600");
    assertThat(where.standing(store, home)).isEmpty();
    RunningInfrastructure running = start(where, request);
    start(shell("true"), request(UUID.randomUUID()).store(UUID.randomUUID()).build());
    assertThat(nextLine()).isEqualTo("ready");

    StandingRun standing = onlyOne(where, store);
    assertThat(standing.flowRunId()).isEqualTo(run);
    assertThat(standing.attempt()).isEqualTo(3);
    assertThat(standing.pid()).isEqualTo(running.pid());
    assertThat(standing.created()).isCloseTo(Instant.now(), within(2, ChronoUnit.MINUTES));
    assertThat(standing.isRunning()).isTrue();

    running.kill(Duration.ZERO);
    endOf(running);
    assertThat(onlyOne(where, store).isRunning()).isFalse();
    running.remove();
    assertThat(where.standing(store, home)).isEmpty();
  }

  @Test
  void whatStandsIsRemovedByAnybodyEvenIfItRuns() throws Exception {
    UUID store = UUID.randomUUID();
    RunRequest request = request(run).store(store).build();
    Infrastructure where = shell("trap '' TERM; echo ready; while :; do sleep 0.1; done");
    RunningInfrastructure running = start(where, request);
    assertThat(nextLine()).isEqualTo("ready");

    StandingRun standing = onlyOne(where, store);
    standing.remove();
    standing.remove();

    assertThat(endOf(running).kind()).isIn(Kind.KILLED, Kind.GONE);
    assertThat(where.standing(store, home)).isEmpty();
    assertThat(codeOf(() -> where.attach(request, null, null))).isEqualTo(Code.NOT_FOUND);
  }

  private StandingRun onlyOne(Infrastructure where, UUID store) {
    List<StandingRun> all = where.standing(store, home);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  @Test
  void whatThisProgramCannotReachIsSaidSo() {
    assertThat(codeOf(() -> shell("true").attach(request(), pidOutOfReach(), null)))
        .isEqualTo(Code.OUT_OF_REACH);
  }

  @Test
  void aPidOfAnotherKindIsRefused() {
    assertThatThrownBy(() -> shell("true").attach(request(), "not-a-pid", null))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
  }

  @Test
  void manyAtOnceEndAsTheyShould() throws Exception {
    List<BlockingQueue<String>> lines = new ArrayList<>();
    for (int i = 0; i < many(); i++) {
      lines.add(new LinkedBlockingQueue<>());
    }
    List<RunningInfrastructure> all =
        inParallel(
            many(),
            8,
            i ->
                start(
                    shell(
                        "echo \"run " + i + "\"; sleep 2; printf \"end " + i + "\"; exit " + i % 7),
                    request(UUID.randomUUID()).output(lines.get(i)::add).build()));

    for (int i = 0; i < many(); i++) {
      assertThat(endOf(all.get(i)).exitCode()).as("run " + i).hasValue(i % 7);
      assertThat(lines.get(i)).containsExactly("run " + i, "end " + i);
    }
  }

  private interface Step<T> {
    T at(int index) throws Exception;
  }

  private static <T> List<T> inParallel(int count, int threads, Step<T> step) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<T>> steps = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int index = i;
        steps.add(executor.submit(() -> step.at(index)));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> each : steps) {
        results.add(each.get(120, TimeUnit.SECONDS));
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void previewShowsTheCommandAndStartsNothing() {
    Infrastructure where = infrastructure(List.of("echo", "it's me"), Map.of("GREETING", "hello"));
    String preview = where.preview(request());

    assertThat(preview).contains("echo").contains("GREETING").contains("hello");
    assertThat(preview).contains(run.toString());
    assertThat(codeOf(() -> where.attach(request(), null, null))).isEqualTo(Code.NOT_FOUND);
    assertThat(output).isEmpty();
  }

  @Test
  void checkPasses() {
    shell("true").check();
  }
}
