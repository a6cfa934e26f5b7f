package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.agent.Agent;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.LogLevel;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs of deployments, and what is done with runs. */
@SuppressWarnings("try") // agents work without being asked
class FlowRunCommandsTest {
  private static final String DEPLOYMENT = "count/here";

  @TempDir Path folder;
  Shell shell;
  Sheave sheave;

  @BeforeEach
  void aDeployment() throws IOException {
    shell = new Shell(folder);
    shell.write(
        "Count.java",
        """
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.FlowRunContext;
        import dev.sheave.flow.Param;
        import java.util.List;
        import java.util.Optional;

        public final class Count {
          public record Place(String street, int number) {}

          @Flow(name = "count")
          public static int count(
              @Param("to") int to,
              @Param(value = "label", defaultValue = "line") String label,
              @Param("words") Optional<List<String>> words,
              @Param("place") Optional<Place> place)
              throws InterruptedException {
            for (int i = 1; i <= to; i++) {
              FlowRunContext.current().logger().info("{} {}", label, i);
              Thread.sleep(20);
            }
            if (to < 0) {
              throw new IllegalArgumentException("less than nothing");
            }
            return to;
          }
        }
        """);
    shell.sheave(
        "deployment build Count.java:count -n here -q test --skip-upload --apply --param to=3"
            + " -t always");
    sheave = Sheave.builder().home(shell.home()).connect();
  }

  @AfterEach
  void close() {
    sheave.close();
  }

  private List<Map<String, Object>> runs(String options) {
    List<Map<String, Object>> runs = new ArrayList<>();
    shell.sheave("flow-run ls -o json " + options).jsonList().forEach(run -> runs.add(cast(run)));
    return runs;
  }

  @SuppressWarnings({"unchecked", "NullAway"})
  private static Map<String, Object> cast(Map<String, ?> json) {
    return (Map<String, Object>) json;
  }

  /** Makes a run and returns its id. */
  private UUID run(String options) {
    Result result = shell.sheave("deployment run " + DEPLOYMENT + " " + options);
    assertThat(result.err()).isEmpty();
    return UUID.fromString(result.out().replaceAll("(?s).*UUID: (\\S+).*", "$1"));
  }

  private FlowRunRecord read(UUID id) {
    return sheave.api().flowRuns().readFlowRun(id);
  }

  private Agent agent() {
    return Agent.builder(sheave)
        .queues("test")
        .pollInterval(Duration.ofMillis(100))
        .output(line -> {})
        .start();
  }

  @Test
  @DisplayName("case 39: parameters as text and JSON; --param beats --params")
  void allThatCanBeSaidOfARun() {
    UUID id =
        run(
            "--param to=5 --params '{\"to\": 9, \"label\": \"number\"}' --param 'words=[\"a\"]'"
                + " --param 'place={\"street\": \"Main\", \"number\": 1}' --name special -t one -t"
                + " two --idempotency-key k1 --override env.LEVEL=DEBUG --start-in '1 hour'");

    FlowRunRecord run = read(id);
    assertThat(run.name()).isEqualTo("special");
    assertThat(run.tags()).containsExactly("always", "one", "two");
    assertThat(run.idempotencyKey()).isEqualTo("k1");
    assertThat(run.infraOverrides()).isEqualTo(Map.of("env.LEVEL", "DEBUG"));
    assertThat(run.parameters())
        .isEqualTo(
            Map.of(
                "to",
                5,
                "label",
                "number",
                "words",
                List.of("a"),
                "place",
                Map.of("street", "Main", "number", 1)));
    assertThat(Duration.between(Instant.now(), run.expectedStartTime()))
        .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));
    assertThat(run("--idempotency-key k1")).isEqualTo(id);

    String deploymentId =
        String.valueOf(
            shell.sheave("deployment inspect count/here -o json").jsonObject().get("id"));
    shell.input("{\"label\": \"x\"}");
    Result byId =
        shell.sheave("deployment run --id " + deploymentId + " --params - --start-at 2090-01-01");
    assertThat(byId.out()).contains("{\"to\":3,\"label\":\"x\"}", "UTC (in ");
  }

  @ParameterizedTest
  @DisplayName("case 39: unknown parameters and times that exclude each other leave no run")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          count/here --param too=1            | 1 | Did you mean 'to'?
          count/here --param to=many          | 1 | 'to' must be a whole number, not 'many'.
          count/here --param to=1.5           | 1 | 'to' must be a whole number
          count/here --params {'to':1}        | 1 | --params
          count/here --params -               | 1 | Standard input, which --params - reads, is empty.
          "count/here --param words=[1]"      | 1 | 'words[0]' must be a string, not 1.
          "count/here --param 'place={""street"": ""x""}'" | 1 | 'place.number' is missing; it must be a whole number.
          "count/here --param 'place={""street"": 1, ""number"": 2}'" | 1 | 'place.street' must be a string
          "count/here --param place=home"     | 1 | 'place' must be an object, not 'home'.
          count/here --param to               | 2 | write --param KEY=VALUE
          count/here --start-in soon          | 2 | --start-in can't be read from 'soon'
          count/here --start-at noonish       | 2 | --start-at can't be read from 'noonish'
          count/here --start-at 2001-01-01    | 2 | --start-at is in the past
          count/here --start-in 1h --start-at 5pm | 2 | Only one of --start-in and --start-at can be given.
          count/here --override envv.A=1      | 1 | Did you mean 'env'?
          count/here --watch-timeout 5        | 2 | --watch-timeout requires --watch.
          count/here --watch --watch-timeout 0 | 2 | --watch-timeout must be 1 or more, not 0.
          count/heer                          | 1 | The deployment 'count/heer' doesn't exist. Did you mean 'count/here'?
          count                               | 1 | '<flow-name>/<deployment-name>'
          --id nonsense                       | 1 | 'nonsense' isn't the id of a deployment
          --id 00000000-0000-4000-8000-000000000000 | 1 | 00000000-0000-4000-8000-000000000000
          count/here --id 00000000-0000-4000-8000-000000000000 | 2 | Only one of a deployment's name and --id
          "--param to=1"                      | 2 | Pass a deployment
          """)
  void mistakesMakeNoRun(String words, int code, String sentence) {
    Result result = shell.sheave("deployment run " + words);

    assertThat(result.err()).contains(sentence);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.code()).isEqualTo(code);
    assertThat(result.out()).doesNotContain("Created");
    assertThat(runs("")).isEmpty();
  }

  @Test
  void aRunIsWatchedToItsEnd() {
    try (Agent agent = agent()) {
      Result good = shell.sheave("deployment run count/here --name good --watch");

      assertThat(good.code()).isZero();
      assertThat(good.err()).isEmpty();
      assertThat(good.out())
          .containsPattern("(?s)'good' - Scheduled\n.*'good' - Pending\n.*'good' - Running\n")
          .containsPattern("(?s)line 1\n.*line 2\n.*line 3\n.*Finished in state Completed\\(\\)\n")
          .endsWith("\nResult: 3\nFlow run 'good' ended as Completed.\n");

      Result bad = shell.sheave("deployment run count/here --name bad --param to=-1 --watch");
      assertThat(bad.code()).isEqualTo(1);
      assertThat(bad.err())
          .startsWith("Flow run 'bad' ended as Failed. Flow run encountered an exception.")
          .contains("less than nothing");
    }
    Result late = shell.sheave("deployment run count/here --name late --watch --watch-timeout 1");
    assertThat(late.code()).isEqualTo(1);
    assertThat(late.err())
        .isEqualTo(
            "Flow run 'late' is Scheduled after 1 seconds; watching has stopped, and the run"
                + " continues.\n");
  }

  @Test
  void aLogIsFollowed() {
    UUID id = run("--param to=100");
    CompletableFuture<Result> following =
        CompletableFuture.supplyAsync(() -> shell.sheave("flow-run logs -f " + id));
    try (Agent agent = agent()) {
      Result result = following.join();

      assertThat(result.code()).isZero();
      List<String> lines = result.out().lines().filter(line -> line.contains(" - line ")).toList();
      assertThat(lines).hasSize(100);
      assertThat(lines.get(99)).endsWith("line 100");
      assertThat(result.out()).endsWith("Finished in state Completed()\n");
    }
    // of a run that is over it is the log, no more
    assertThat(shell.sheave("flow-run logs -f " + id).out())
        .isEqualTo(shell.sheave("flow-run logs " + id).out());
  }

  @Test
  void partsOfALog() {
    UUID id = run("");
    sheave
        .api()
        .flowRuns()
        .createLogs(
            IntStream.rangeClosed(1, 450)
                .mapToObj(i -> new NewLogLine(id, "x", LogLevel.INFO, "line " + i, Instant.now()))
                .toList());

    assertThat(lines("", id)).hasSize(450).startsWith("line 1").endsWith("line 450");
    assertThat(lines("--head", id)).hasSize(20).startsWith("line 1").endsWith("line 20");
    assertThat(lines("--tail", id)).hasSize(20).startsWith("line 431").endsWith("line 450");
    assertThat(lines("-n 300", id)).hasSize(300).startsWith("line 1").endsWith("line 300");
    assertThat(lines("-t -n 2", id)).containsExactly("line 449", "line 450");
    assertThat(lines("--reverse", id)).hasSize(450).startsWith("line 450").endsWith("line 1");
    assertThat(lines("-t -n 2 -r", id)).containsExactly("line 450", "line 449");
    assertThat(shell.sheave("flow-run logs -o json --tail -n 1 " + id).jsonList().get(0))
        .containsEntry("message", "line 450");
    for (String wrong : List.of("--head --tail", "-n 0", "-f --head", "-f -r", "-f -o json")) {
      Result result = shell.sheave("flow-run logs " + wrong + " " + id);
      assertThat(result.code()).as(wrong).isEqualTo(2);
      assertThat(result.err().lines()).as(wrong).hasSize(1);
    }
  }

  private List<String> lines(String options, UUID id) {
    return shell
        .sheave("flow-run logs " + options + " " + id)
        .out()
        .lines()
        .map(line -> line.replaceAll(".* - ", ""))
        .toList();
  }

  @Test
  void runsAreListedByFlowStateAndType() {
    UUID first = run("");
    UUID second = run("");
    UUID third = run("");
    set(first, State.of(StateType.FAILED, "TimedOut", null));
    set(second, State.of(StateType.FAILED));

    assertThat(runs(""))
        .extracting("id")
        .containsExactly(third.toString(), second.toString(), first.toString());
    assertThat(runs("--limit 2")).hasSize(2);
    assertThat(runs("--flow-name count")).hasSize(3);
    assertThat(runs("--flow-name other")).isEmpty();
    assertThat(runs("--state failed")).hasSize(2);
    assertThat(runs("--state timedout")).hasSize(1);
    assertThat(runs("--state-type FAILED --state-type scheduled")).hasSize(3);
    assertThat(runs("--state-type failed --state TimedOut")).hasSize(1);
    assertThat(shell.sheave("flow-run ls --state Compleetd").err())
        .isEqualTo("There are no flow runs that match. Did you mean 'Completed'?\n");
    Result wrong = shell.sheave("flow-run ls --state-type fialed");
    assertThat(wrong.err()).startsWith("'fialed' isn't a state type. Did you mean 'failed'?");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(shell.sheave("flow-run ls --state failed --state-type running").code()).isEqualTo(2);
  }

  private void set(UUID id, State state) {
    sheave.api().flowRuns().setFlowRunState(id, state, true);
  }

  @Test
  void aRunIsCancelled() {
    UUID waiting = run("--start-in PT1H");
    assertThat(shell.sheave("flow-run cancel " + waiting).out())
        .isEqualTo("Flow run '" + waiting + "' was cancelled.\n");
    Result again = shell.sheave("flow-run cancel " + waiting);
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err())
        .isEqualTo(
            "Flow run '"
                + waiting
                + "' was unable to be cancelled. Reason: 'Run is already in terminal state"
                + " CANCELLED.'\n");

    UUID running = run("--param to=100000");
    try (Agent agent = agent()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> read(running).state().type() == StateType.RUNNING);
      assertThat(shell.sheave("flow-run cancel " + running).out())
          .contains("was successfully scheduled for cancellation.");
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> read(running).state().type() == StateType.CANCELLED);
    }
  }

  @Test
  void aRunIsDeletedUnlessItIsUnderWay() {
    UUID id = run("");
    set(id, State.of(StateType.RUNNING));

    Result refused = shell.sheave("flow-run delete " + id);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .startsWith(
            "Flow run '" + id + "' is Running; cancel it first with 'sheave flow-run" + " cancel");
    assertThat(shell.sheave("flow-run delete --force " + id).out())
        .isEqualTo("Successfully deleted flow run '" + id + "'.\n");
    assertThat(runs("")).isEmpty();
    for (String command : List.of("inspect", "logs", "cancel", "delete")) {
      assertThat(shell.sheave("flow-run " + command + " " + id).err())
          .startsWith("The flow run '" + id + "' doesn't exist.");
    }
  }

  @Test
  void aRunThatIsMistypedIsNamed() {
    UUID id = run("--name wise-owl");
    String mistyped = id.toString().replaceAll(".$", id.toString().endsWith("0") ? "1" : "0");

    assertThat(shell.sheave("flow-run inspect " + mistyped).err())
        .isEqualTo("The flow run '" + mistyped + "' doesn't exist. Did you mean '" + id + "'?\n");
    assertThat(shell.sheave("flow-run logs wise-owl").err())
        .isEqualTo(
            "'wise-owl' isn't the id of a flow run; the newest match, 'wise-owl', has the id '"
                + id
                + "'.\n");
  }

  @Test
  void aDeploymentIsDeletedAndItsRunsStay() {
    UUID id = run("");

    assertThat(shell.sheave("deployment delete count/heer").err())
        .contains("Did you mean 'count/here'?");
    assertThat(shell.sheave("deployment delete").code()).isEqualTo(2);
    assertThat(shell.sheave("deployment delete count/here").out())
        .isEqualTo("Deleted deployment 'count/here'.\n");
    assertThat(shell.sheave("deployment ls -o json").jsonList()).isEmpty();
    assertThat(runs("")).extracting("id").containsExactly(id.toString());
    assertThat(shell.sheave("flow ls -o json").jsonList()).hasSize(1);
    assertThat(shell.sheave("flow ls").out()).contains("count");
    assertThat(shell.sheave("flow ls --limit 0").code()).isEqualTo(2);
  }
}
