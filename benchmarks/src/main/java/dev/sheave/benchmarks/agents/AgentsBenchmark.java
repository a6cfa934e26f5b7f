package dev.sheave.benchmarks.agents;

import static dev.sheave.benchmarks.agents.MeasuredStore.QUEUE;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import dev.sheave.Sheave;
import dev.sheave.agent.Agent;
import dev.sheave.agent.AgentHealth;
import dev.sheave.api.AgentProfile;
import dev.sheave.api.AgentSync;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi.Hosting;
import dev.sheave.api.RunClaim;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.benchmarks.Median;
import dev.sheave.runtime.InProcessInfrastructure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures agents: 8 of them in this program execute empty flows in process, beside db-scheduler on
 * the same PostgreSQL server; claims alone; how long a run takes from its creation to Pending;
 * looks for news with many runs to come; schedules; and agents in programs of their own.
 *
 * <p>{@code bin/bench agents} runs it.
 */
public final class AgentsBenchmark {
  private static final int AGENTS = 8;

  /** How many runs are executed or claimed. */
  private static final int RUNS = 10_000;

  private static final int WARM_UP = 400;

  /** How often executions are measured, in turns with those of db-scheduler. */
  private static final int ROUNDS = 5;

  /** The virtual machine compiles what it executes for as long. */
  private static final int WARM_UP_ROUNDS = 4;

  /** When runs are due, after it was begun to make them: none is late before agents start. */
  private static final Duration TO_CREATE = Duration.ofSeconds(12);

  /** How many runs an agent holds: as many as db-scheduler fetches for its 8 threads. */
  private static final int HELD = 32;

  private static final int CLAIMED_AT_ONCE = 20;
  private static final int TO_COME = 100_000;
  private static final int DEPLOYMENTS = 10_000;

  private final String launcher;
  private final Path folder;

  private AgentsBenchmark(String launcher, Path folder) {
    this.launcher = launcher;
    this.folder = folder;
  }

  /**
   * Measures.
   *
   * @param args the launcher, an empty folder, and the parts; PostgreSQL, and for {@code claims}
   *     the reference's server, are in the environment
   */
  public static void main(String[] args) throws Exception {
    for (String part : Arrays.asList(args).subList(2, args.length)) {
      new AgentsBenchmark(args[0], Files.createDirectories(Path.of(args[1]).resolve(part)))
          .measure(part);
    }
    System.exit(0); // threads of other programs' libraries go on
  }

  private void measure(String part) throws Exception {
    if (part.equals("claims")) {
      AgentPrograms.claimsOfReference();
    }
    for (boolean isPostgres : new boolean[] {true, false}) {
      try (MeasuredStore store =
              isPostgres ? MeasuredStore.postgres(folder) : MeasuredStore.sqlite(folder);
          Sheave sheave = store.connect()) {
        switch (part) {
          case "executions" -> {
            if (isPostgres) {
              executions(store, sheave);
            }
          }
          case "claims" -> claims(store, sheave, isPostgres ? AGENTS : 1);
          case "delays" -> delays(store, sheave);
          case "looks" -> looks(store, sheave);
          case "schedules" -> schedules(store, sheave);
          case "programs" -> {
            if (isPostgres) {
              new AgentPrograms(launcher, folder, store, sheave).measure();
            }
          }
          default -> throw new IllegalArgumentException("there is no part '" + part + "'");
        }
      }
    }
  }

  private static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }

  /** Says how values are spread. */
  static void say(String what, double[] values) {
    Arrays.sort(values);
    say(
        "%s: p50 %.1f, p99 %.1f, most %.1f",
        what,
        values[values.length / 2],
        values[values.length * 99 / 100],
        values[values.length - 1]);
  }

  private void executions(MeasuredStore store, Sheave sheave) throws Exception {
    UUID deployment = store.deploy(sheave, InProcessInfrastructure.builder().build());
    List<Double> own = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = -WARM_UP_ROUNDS; i < ROUNDS; i++) {
      double executed = execute(store, sheave, deployment);
      double executedByOther = executeByDbScheduler(store);
      if (i >= 0) {
        own.add(executed);
        others.add(executedByOther);
        ratios.add(executed / executedByOther);
      }
    }
    long begun = store.number("select count(*) from flow_run_state where type = 'RUNNING'");
    int runs = (WARM_UP_ROUNDS + ROUNDS) * RUNS;
    if (begun != runs) {
      throw new IllegalStateException(begun + " executions of " + runs + " runs");
    }
    say(
        "executions/s by %d agents: %.0f, each run once; db-scheduler: %.0f; ratio %.3f (medians of"
            + " %d rounds; ratios %s)",
        AGENTS, Median.of(own), Median.of(others), Median.of(ratios), ROUNDS, ratios);
  }

  private static double execute(MeasuredStore store, Sheave sheave, UUID deployment)
      throws Exception {
    Instant due = Instant.now().plus(TO_CREATE);
    MeasuredStore.create(sheave, deployment, RUNS, NewFlowRun.at(due));
    store.execute("analyze"); // as the database does by itself within a minute
    await(due);
    List<Agent> agents = new ArrayList<>();
    long began = System.nanoTime();
    for (int i = 0; i < AGENTS; i++) {
      agents.add(
          Agent.builder(sheave)
              .queues(QUEUE)
              .limit(HELD)
              .maxStarts(HELD)
              .output(line -> {})
              .start());
    }
    store.waitForNone(
        "select 1 from flow_run where state_type in ('SCHEDULED', 'PENDING', 'RUNNING') limit 1",
        200); // it takes time of its own
    double seconds = (System.nanoTime() - began) / 1e9;
    agents.forEach(Agent::close);
    return RUNS / seconds;
  }

  private static void await(Instant due) throws InterruptedException {
    Duration left = Duration.between(Instant.now(), due);
    if (!left.isNegative()) {
      Thread.sleep(left.toMillis());
    }
  }

  private static double executeByDbScheduler(MeasuredStore store) throws Exception {
    store.execute(
        "drop table if exists scheduled_tasks",
        "create table scheduled_tasks (task_name text not null, task_instance text not null,"
            + " task_data bytea, execution_time timestamptz not null, picked boolean not null,"
            + " picked_by text, last_success timestamptz, last_failure timestamptz,"
            + " consecutive_failures int, last_heartbeat timestamptz, version bigint not null,"
            + " priority smallint, primary key (task_name, task_instance))",
        "create index on scheduled_tasks (execution_time)",
        "create index on scheduled_tasks (last_heartbeat)");
    CountDownLatch left = new CountDownLatch(RUNS);
    OneTimeTask<Void> task =
        Tasks.oneTime("empty").execute((instance, context) -> left.countDown());
    List<HikariDataSource> pools = new ArrayList<>();
    List<Scheduler> schedulers = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      String name = "bench" + i;
      HikariDataSource pool = store.pool(10);
      pools.add(pool);
      schedulers.add(
          Scheduler.create(pool, task)
              .threads(8)
              .pollUsingLockAndFetch(0.5, 4)
              .pollingInterval(Duration.ofMillis(200))
              .schedulerName(() -> name)
              .build());
    }
    Instant due = Instant.now().plus(TO_CREATE);
    AtomicInteger next = new AtomicInteger();
    MeasuredStore.inParallel(
        AGENTS,
        () -> {
          for (int i = next.getAndIncrement(); i < RUNS; i = next.getAndIncrement()) {
            schedulers.get(0).schedule(task.instance("i" + i), due);
          }
          return true;
        });
    store.execute("analyze");
    await(due);
    long began = System.nanoTime();
    schedulers.forEach(Scheduler::start);
    left.await();
    double seconds = (System.nanoTime() - began) / 1e9;
    schedulers.forEach(Scheduler::stop);
    pools.forEach(HikariDataSource::close);
    return RUNS / seconds;
  }

  private static void claims(MeasuredStore store, Sheave sheave, int agents) throws Exception {
    UUID deployment = store.deploy(sheave, InProcessInfrastructure.builder().build());
    MeasuredStore.create(sheave, deployment, WARM_UP);
    claimAll(store, agents);
    MeasuredStore.create(sheave, deployment, RUNS);
    long began = System.nanoTime();
    int claimed = claimAll(store, agents);
    double seconds = (System.nanoTime() - began) / 1e9;
    if (claimed != RUNS) {
      throw new IllegalStateException(claimed + " claims of " + RUNS + " runs");
    }
    say(
        "claims/s by %d on %s, %d at once: %.0f",
        agents, store.name(), CLAIMED_AT_ONCE, RUNS / seconds);
  }

  /** Claims until nothing is left; returns how many were. */
  private static int claimAll(MeasuredStore store, int agents) throws Exception {
    return MeasuredStore.inParallel(
            agents,
            () -> {
              try (Sheave own = store.connect()) {
                WorkPoolApi pools = own.api().workPools();
                int all = 0;
                List<FlowRunRecord> some = claim(pools);
                while (!some.isEmpty() || MeasuredStore.count(own, StateType.SCHEDULED) > 0) {
                  all += some.size();
                  some = claim(pools);
                }
                return all;
              }
            })
        .stream()
        .mapToInt(Integer::intValue)
        .sum();
  }

  private static List<FlowRunRecord> claim(WorkPoolApi pools) {
    return pools.claimRuns(
        WorkQueueApi.DEFAULT_POOL,
        Set.of(QUEUE),
        new RunClaim(
            "agent " + Thread.currentThread().getId(),
            Duration.ofMinutes(10),
            Instant.now().plusSeconds(60),
            CLAIMED_AT_ONCE));
  }

  /** How long a run takes from its creation to Pending, with an agent that waits for it. */
  private static void delays(MeasuredStore store, Sheave sheave) throws Exception {
    UUID deployment = store.deploy(sheave, InProcessInfrastructure.builder().build());
    double[] millis = new double[300];
    try (Sheave own = store.connect();
        Agent agent = Agent.builder(own).queues(QUEUE).output(line -> {}).start()) {
      for (int i = -10; i < millis.length; i++) {
        Thread.sleep(50 + i % 50); // at any time of whatever is looked at from time to time
        UUID run = sheave.api().flowRuns().createFlowRun(deployment, NewFlowRun.now(Map.of())).id();
        while (!sheave.api().flowRuns().readFlowRun(run).state().isTerminal()) {
          Thread.sleep(20);
        }
        var states = sheave.api().flowRuns().listFlowRunStates(run);
        millis[Math.max(i, 0)] =
            Duration.between(states.get(0).timestamp(), states.get(1).timestamp()).toNanos() / 1e6;
      }
      say(store.name() + ", created to Pending, ms", millis);
      if (agent.health().state() != AgentHealth.State.WORKING) {
        throw new IllegalStateException(agent.health().toString());
      }
    }
  }

  /** How long a look for news takes, with many runs that aren't due. */
  private static void looks(MeasuredStore store, Sheave sheave) throws Exception {
    UUID deployment = store.deploy(sheave, InProcessInfrastructure.builder().build());
    UUID run =
        sheave
            .api()
            .flowRuns()
            .createFlowRun(deployment, NewFlowRun.at(Instant.now().plus(Duration.ofDays(1))))
            .id();
    store.copy(
        "flow_run",
        run,
        TO_COME,
        Map.of(
            "next_scheduled_start_time",
            "next_scheduled_start_time + n * cast(1000000 as bigint)",
            "idempotency_key",
            "null"));
    AgentProfile profile =
        new AgentProfile(
            "bench", "bench", "host", "1", WorkQueueApi.DEFAULT_POOL, Set.of(QUEUE), Set.of());
    double[] millis = new double[1000];
    for (int i = -200; i < millis.length; i++) {
      AgentSync sync =
          new AgentSync(
              profile,
              i + 200,
              8,
              Duration.ofSeconds(15),
              Duration.ofMinutes(1),
              Set.of(),
              Set.of(),
              Duration.ZERO);
      long began = System.nanoTime();
      sheave.api().agents().sync(sync);
      millis[Math.max(i, 0)] = (System.nanoTime() - began) / 1e6;
    }
    say(store.name() + ", sync with " + TO_COME + " runs to come, ms", millis);
  }

  private static void schedules(MeasuredStore store, Sheave sheave) throws Exception {
    UUID deployment = store.deploy(sheave, InProcessInfrastructure.builder().build());
    pass(store, sheave); // the first one opens what it needs
    store.copy(
        "deployment",
        deployment,
        DEPLOYMENTS,
        Map.of(
            "name",
            "'d' || n",
            "schedule",
            "'{\"cron\": \"30 2 * * *\", \"timezone\": \"Europe/Berlin\"}'",
            "is_schedule_active",
            "true",
            "schedule_due",
            "0"));
    double first = pass(store, sheave);
    long runs = store.number("select count(*) from flow_run");
    store.execute(
        "delete from flow_run where next_scheduled_start_time ="
            + " (select max(next_scheduled_start_time) from flow_run)",
        "update deployment set schedule_due = 0, scheduled_until ="
            + " (select max(next_scheduled_start_time) from flow_run)"
            + " where scheduled_until is not null");
    double one = pass(store, sheave);
    if (runs != 3 * DEPLOYMENTS || store.number("select count(*) from flow_run") != runs) {
      throw new IllegalStateException("there aren't 3 runs for each deployment");
    }
    store.execute("update deployment set schedule_due = 0 where scheduled_until is not null");
    double none = pass(store, sheave);
    long began = System.nanoTime();
    sheave.api().hostServices().close();
    say(
        "%s, a pass over %d schedules, s: %.2f with 3 runs each to create, %.2f with 1, %.2f with"
            + " none; %.3f if none is due",
        store.name(), DEPLOYMENTS, first, one, none, (System.nanoTime() - began) / 1e9);
  }

  /** Returns how long the services take until no schedule is due. */
  private static double pass(MeasuredStore store, Sheave sheave) throws Exception {
    long began = System.nanoTime();
    Hosting services = sheave.api().hostServices();
    store.waitForNone("select 1 from deployment where schedule_due = 0 limit 1", 20);
    double seconds = (System.nanoTime() - began) / 1e9;
    services.close();
    return seconds;
  }
}
