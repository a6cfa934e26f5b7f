package dev.sheave.agent;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.internal.UntilAvailable;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.testkit.OwnPostgres;
import dev.sheave.testkit.storage.TroubledServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Agents, servers and their database, which are killed and stopped in turns while runs are under
 * way. {@code bin/chaos agents} does it for long.
 */
@Timeout(7200)
class AgentChaosTest {
  private static final int RUNS = Integer.getInteger("sheave.test.chaos.runs", 24);
  private static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("sheave.test.chaos.seconds", 15));
  private static final Duration EACH =
      Duration.ofSeconds(Integer.getInteger("sheave.test.chaos.each", 3));
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final long SEED = Long.getLong("sheave.test.chaos.seed", System.nanoTime());

  /** How long all runs may take to end when it is quiet again: most wait for a processor. */
  private static final Duration QUIET = Duration.ofMinutes(5).plusSeconds(2L * RUNS);

  /** The flow fails, is tried again, or loses its process, by its number. */
  private static final String FLOW =
      """
      import dev.sheave.flow.Flow;
      import dev.sheave.flow.FlowRunContext;
      import dev.sheave.flow.Param;
      import java.nio.file.Files;
      import java.nio.file.Path;
      import java.nio.file.StandardOpenOption;

      public final class ChaosFlow {
        @Flow(name = "chaos", retries = 1)
        public static void run(@Param("number") int number) throws Exception {
          String id = FlowRunContext.current().flowRunId().orElseThrow().toString();
          append("begin " + id);
          boolean isFirst = Files.readAllLines(FILE).stream().filter(("begin " + id)::equals).count() == 1;
          Thread.sleep(number % 7 * 300);
          if (number % 5 == 1 && isFirst) {
            throw new IllegalStateException("tried again");
          }
          if (number % 5 == 2 && isFirst) {
            Runtime.getRuntime().halt(3);
          }
          append("end " + id + (number % 5 == 3 ? " FAILED" : " COMPLETED"));
          if (number % 5 == 3) {
            throw new IllegalStateException("failed");
          }
        }

        private static final Path FILE = Path.of("WRITTEN");

        private static void append(String line) throws Exception {
          Files.writeString(FILE, line + "\\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
      }
      """;

  @TempDir Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Victim> victims = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private OwnPostgres database;
  private Path home;
  private Path written;
  private Sheave sheave;

  @BeforeEach
  void start() throws Exception {
    home = directory.resolve("home");
    written = directory.resolve("written");
    database = open(new OwnPostgres(directory.resolve("postgres")));
    victims.add(new DatabaseServer(database));
    sheave = open(Sheave.builder().home(home).url(database.url()).connect());
    for (int i = 1; i <= 2; i++) {
      int port = TroubledServer.freePort();
      program("server-" + i, ServerProgram.class, database.url(), Integer.toString(port));
      program("agent-" + i, AgentProgram.class, "http://127.0.0.1:" + port + "/api", "3");
    }
    program("agent-3", AgentProgram.class, database.url(), "3");
  }

  private record DatabaseServer(OwnPostgres postgres) implements Victim {
    @Override
    public String name() {
      return "database";
    }

    @Override
    public List<ProcessHandle> processes() {
      return postgres.processes();
    }

    @Override
    public void start() throws Exception {
      postgres.start();
    }
  }

  private <T extends AutoCloseable> T open(T closeable) {
    open.add(0, closeable);
    return closeable;
  }

  private void program(String name, Class<?> main, String... arguments) throws IOException {
    File log = new File("target", "chaos-" + name + ".log");
    Files.deleteIfExists(log.toPath());
    List<String> all = new ArrayList<>(List.of(home.toString()));
    all.addAll(List.of(arguments));
    victims.add(open(new JavaProgram(name, main, Map.of(), all, log)));
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void eachRunIsExecutedOnceForEachAttemptAndEndsAsItsFlowSays() throws Exception {
    Map<UUID, Integer> runs = schedule();

    disturb();

    await()
        .atMost(QUIET)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(underWay()).as("faults: %s", faults).isEmpty());
    List<String> lines = Files.readAllLines(written);
    Map<String, Long> count = lines.stream().collect(groupingBy(line -> line, counting()));
    List<String> wrong = new ArrayList<>();
    for (FlowRunRecord run : all()) {
      int number = requireNonNull(runs.get(run.id()));
      int attempts = number % 5 == 0 || number % 5 == 4 ? 1 : 2;
      String state = run.state().type().name();
      boolean isRight =
          run.runCount() == attempts
              && count.getOrDefault("begin " + run.id(), 0L) == attempts
              && state.equals(number % 5 == 3 ? "FAILED" : "COMPLETED")
              && count.getOrDefault("end " + run.id() + " " + state, 0L)
                  == (number % 5 == 3 ? attempts : 1)
              && run.lease() == null;
      if (!isRight) {
        wrong.add(
            number
                + " "
                + run.id()
                + " "
                + run.runCount()
                + " "
                + run.lease()
                + " "
                + sheave.api().flowRuns().listFlowRunStates(run.id())
                + lines.stream().filter(line -> line.contains(run.id().toString())).toList());
      }
    }
    assertThat(wrong).as("seed %s, faults %s", SEED, faults).isEmpty();
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () ->
                assertThat(
                        ProcessInfrastructure.builder()
                            .build()
                            .standing(sheave.api().storeId(), home))
                    .as("what is left; seed %s, faults %s", SEED, faults)
                    .isEmpty());
  }

  private Map<UUID, Integer> schedule() throws IOException {
    Path code = Files.createDirectories(directory.resolve("code"));
    Files.writeString(code.resolve("ChaosFlow.java"), FLOW.replace("WRITTEN", written.toString()));
    UUID deployment =
        sheave
            .api()
            .deployments()
            .applyDeployment(
                DeploymentSpec.builder("here", sheave.api().deployments().createFlow("chaos").id())
                    .workQueueName(Workshop.QUEUE)
                    .path(code.toString())
                    .entrypoint("ChaosFlow.java:run")
                    .build())
            .deployment()
            .id();
    var queues = sheave.api().workQueues();
    queues.updateWorkQueue(
        queues.findWorkQueue(Workshop.QUEUE).orElseThrow().id(),
        WorkQueueUpdate.NONE.withConcurrencyLimit(7));
    Map<UUID, Integer> runs = new LinkedHashMap<>();
    for (int number = 0; number < RUNS; number++) {
      runs.put(
          sheave
              .api()
              .flowRuns()
              .createFlowRun(deployment, NewFlowRun.now(Map.of("number", number)))
              .id(),
          number);
    }
    return runs;
  }

  /** Does something to one program after the other. */
  private void disturb() throws Exception {
    Random random = new Random(SEED);
    if (TIME.compareTo(LEASE) > 0) {
      outlastLease(victims.get(2));
    }
    long end = System.nanoTime() + TIME.toNanos();
    while (System.nanoTime() < end) {
      Victim victim = victims.get(random.nextInt(victims.size()));
      boolean isKilled = random.nextBoolean();
      long millis = 200L + random.nextInt((int) EACH.toMillis());
      faults.add((isKilled ? "kill " : "stop ") + victim.name() + " " + millis);
      if (isKilled) {
        victim.kill();
        TimeUnit.MILLISECONDS.sleep(millis);
        victim.start();
      } else {
        victim.signal("STOP");
        TimeUnit.MILLISECONDS.sleep(millis);
        victim.signal("CONT");
      }
      TimeUnit.MILLISECONDS.sleep(EACH.toMillis());
    }
  }

  /** Stops an agent for longer than its runs are its own. */
  private void outlastLease(Victim agent) throws Exception {
    faults.add("stop " + agent.name() + " for long");
    agent.signal("STOP");
    TimeUnit.NANOSECONDS.sleep(LEASE.plusSeconds(15).toNanos());
    agent.signal("CONT");
  }

  private List<FlowRunRecord> all() {
    return sheave.api().flowRuns().listAllFlowRuns(FlowRunFilter.ALL);
  }

  private List<String> underWay() throws SheaveException {
    return UntilAvailable.call(Duration.ofMinutes(1), this::all).stream()
        .filter(run -> !run.state().type().isTerminal())
        .map(run -> run.id() + " " + run.state().name() + " " + run.lease())
        .toList();
  }
}
