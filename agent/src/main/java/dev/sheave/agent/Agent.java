package dev.sheave.agent;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.AgentProfile;
import dev.sheave.api.AgentSync;
import dev.sheave.api.Feature;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.HostName;
import dev.sheave.internal.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes flow runs from work queues and submits them to infrastructure.
 *
 * <pre>{@code
 * try (Agent agent = Agent.builder(sheave).queues("test").start()) {
 *   …
 * }
 * }</pre>
 *
 * <p>An agent survives an orchestrator that is unavailable for a while. The runs it started outlive
 * it: if it dies, its runs go on, and the next agent on the machine follows them. Safe for use by
 * several threads.
 */
public final class Agent implements AutoCloseable {
  /** How long before a run is due an agent takes it; its process waits for the time. */
  public static final Duration DEFAULT_PREFETCH = Duration.ofSeconds(15);

  /**
   * How often queues are asked, give or take 30 %, by agents of a server that doesn't tell them of
   * runs; and how long a call that failed is put off.
   */
  public static final Duration DEFAULT_POLL_INTERVAL = Duration.ofSeconds(2);

  /** How many runs are started at a time. */
  public static final int DEFAULT_MAX_STARTS = 8;

  private static final FlowRunFilter UNDER_WAY =
      FlowRunFilter.ALL.withStateTypes(Set.of(StateType.PENDING, StateType.RUNNING));

  /** How long an agent that was full waits for more room than that for one run. */
  private static final Duration GATHER = Duration.ofMillis(50);

  private static final Duration GATHER_WHEN_FULL = Duration.ofSeconds(1);

  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

  /** The longest prefetch and poll interval. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private static final double JITTER = 0.3;

  /** How long runs get to end when they are stopped with their agent. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final Sheave sheave;
  private final int limit;
  private final int maxStarts;
  private final Duration prefetch;
  private final Duration pollInterval;
  private final AgentQueues queues;
  private final AgentWork.Source source;
  private final ActiveRuns active = new ActiveRuns();
  private final Submission submission;
  private final Cancellations cancellations;
  private final DeadRunDetector deadRuns;
  private final Leftovers leftovers;
  private final Thread loop = new Thread(this::poll, "sheave-agent");
  private volatile OrchestrationApi.Hosting services = () -> {};
  private final boolean isSynced;
  private boolean hasLooked;
  private boolean hasTakenAll;
  private int failures;
  private volatile @Nullable String problem;
  private final AtomicLong taken = new AtomicLong();
  private volatile boolean closing;
  private volatile boolean leaving;

  private Agent(Builder builder) {
    this.sheave = builder.sheave;
    this.limit = builder.limit;
    this.maxStarts = builder.maxStarts;
    this.prefetch = builder.prefetch;
    this.pollInterval = builder.pollInterval;
    AgentIdentity identity = AgentIdentity.of(builder.name);
    AgentProfile profile =
        new AgentProfile(
            identity.id(),
            identity.name(),
            HostName.get(),
            Version.current(),
            Objects.requireNonNullElse(builder.pool, WorkQueueApi.DEFAULT_POOL),
            builder.queues,
            builder.queuePrefixes);
    OrchestrationApi api = sheave.api();
    this.queues = new AgentQueues(api, profile);
    this.isSynced = api.features().contains(Feature.AGENTS);
    this.source =
        isSynced
            ? new SyncedWork(api.agents(), profile, queues, active, pollInterval)
            : new PolledWork(api.flowRuns(), queues, active);
    InfrastructureResolver infrastructure = new InfrastructureResolver(sheave);
    FlowRunApi runs = api.flowRuns();
    OutputPositions positions = new OutputPositions(sheave.home());
    this.submission = new Submission(runs, infrastructure, active, positions, builder.output);
    this.cancellations = new Cancellations(runs, infrastructure, active, positions, identity);
    this.leftovers = new Leftovers(runs, infrastructure, active, submission, positions);
    this.deadRuns =
        new DeadRunDetector(
            runs, api.agents(), identity, infrastructure, active, submission, positions);
  }

  /**
   * Starts the settings of an agent.
   *
   * @param sheave where its queues are; stays open as long as the agent
   */
  public static Builder builder(Sheave sheave) {
    return new Builder(sheave);
  }

  private void start() {
    submission.resumeAccess();
    queues.refresh(); // who can't reach the orchestrator, or has a wrong key, hears of it at once
    source.begin();
    services = sheave.api().hostServices();
    loop.start();
  }

  /**
   * Takes the runs that are due now, and returns when they have ended. Runs that become due
   * meanwhile are left. To be called on an agent that was not started.
   *
   * @throws SheaveException {@code UNAVAILABLE} if the orchestrator doesn't answer; {@code
   *     CONFLICT} if another agent that is alive has its name
   * @throws IllegalStateException if the agent was started or closed
   */
  public void runOnce() {
    if (closing) {
      throw new IllegalStateException("this agent is closed; use another one to run once");
    }
    if (loop.isAlive()) {
      throw new IllegalStateException("this agent is polling already; use another one to run once");
    }
    long began = System.nanoTime();
    submission.resumeAccess();
    queues.refresh();
    services = sheave.api().hostServices();
    try {
      lookAtFirst(false);
      act(source.next(0, prefetch), false); // what dead agents left is taken with the rest
      while (!closing) {
        int room = room();
        boolean hasTaken = act(source.next(room, prefetch.minus(since(began))), false) > 0;
        if (!hasTaken && room > 0 && active.isEmpty()) {
          break; // without room nothing was asked for, and the last run may have ended meanwhile
        }
        if (!hasTaken) {
          active.awaitChange(pollInterval);
        }
      }
      while (!active.isEmpty()) {
        act(source.next(0, prefetch), false);
        active.awaitChange(pollInterval);
      }
      cancellations.awaitEnd();
    } finally {
      services.close();
      source.leave();
    }
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private void poll() {
    boolean waits = false;
    while (!leaving && (!closing || !active.isEmpty())) {
      waits = attempt(waits);
    }
    if (!leaving) {
      cancellations.awaitEnd();
    }
    source.leave();
  }

  /**
   * Does what there is to do, and waits for more or, after a failure, for better times.
   *
   * @param waits whether to wait for work first
   * @return whether to wait the next time
   */
  private boolean attempt(boolean waits) {
    try {
      if (!hasLooked) {
        lookAtFirst(true);
      }
      int room = hasTakenAll ? gatheredRoom() : room();
      Duration next = untilNextLook();
      Optional<AgentWork> work =
          waits
              ? source.await(room, prefetch, next, () -> isNews(room, next))
              : Optional.of(source.next(room, prefetch));
      int taken = work.isPresent() ? act(work.get(), true) : 0;
      hasTakenAll = taken > 0 && taken == room;
      if (failures > 0) {
        LOG.info("The orchestrator is responding again.");
      }
      failures = 0;
      problem = null;
      return taken == 0;
    } catch (SheaveException e) {
      if (failures++ == 0) {
        String what =
            e.code() == Code.UNAVAILABLE
                ? "The orchestrator isn't responding; retrying until it does: {}"
                : "This agent gets no work; retrying until it does: {}";
        LOG.warn(what, e.getMessage());
      }
      problem = e.getMessage();
    } catch (RuntimeException | Error e) {
      // a defect; the next time may be better, and the runs under way need their agent
      if (failures++ == 0) {
        LOG.error("Polling failed; retrying.", e);
      }
      problem = e.toString();
    }
    if (!leaving && (!closing || !active.isEmpty())) {
      active.awaitChange(pauseAfterFailure());
    }
    return false;
  }

  private Duration untilNextLook() {
    Duration usual = isSynced ? AgentSync.MAX_WAIT : jittered(pollInterval);
    Duration next = cancellations.untilNextTry().orElse(usual);
    next = next.compareTo(pollInterval) < 0 ? pollInterval : next;
    return next.compareTo(usual) < 0 ? next : usual;
  }

  /**
   * Waits for a moment until there is room for several runs: if more wait, one call takes them all.
   * Without any room the moment is longer, since only news of other kinds could come.
   */
  private int gatheredRoom() {
    int enough = Math.max(1, Math.min(limit, maxStarts) / 2);
    active.await(() -> closing || room() > 0, GATHER_WHEN_FULL);
    active.await(() -> closing || room() >= enough || room() == 0, GATHER);
    return room();
  }

  /**
   * Returns whether the store has to know better than an earlier call has told it. One that waits
   * with room for some runs needs no other that has room for more.
   */
  private boolean isNews(int room, Duration next) {
    return closing || (room == 0) != (room() == 0) || untilNextLook().compareTo(next) < 0;
  }

  /** How many runs the limit allows, and can be started now. */
  private int room() {
    return closing ? 0 : Math.min(limit - active.size(), maxStarts - active.starting());
  }

  /**
   * Sees to what there is to do.
   *
   * @param follows whether to follow runs of agents that died, as long as they go on
   * @return how many runs were taken
   */
  private int act(AgentWork work, boolean follows) {
    work.lost().stream().filter(active::contains).forEach(submission::letGo);
    List<FlowRunRecord> lost = new ArrayList<>(work.abandoned());
    List<FlowRunRecord> toStart = new ArrayList<>();
    for (FlowRunRecord run : work.own()) {
      if (active.contains(run.id())) {
        continue;
      }
      StateType state = run.state().type();
      if (!isSynced || (run.infrastructurePid() == null && state == StateType.PENDING)) {
        toStart.add(run);
      } else if (state != StateType.CANCELLING) {
        lost.add(run); // its start was missed
      }
    }
    submission.start(toStart);
    taken.addAndGet(toStart.size());
    cancellations.check(work.cancelling());
    leftovers.check();
    if (!lost.isEmpty()) {
      deadRuns.check(lost, isSynced, follows && !closing);
    }
    return toStart.size();
  }

  /** Agents that died on this machine are known before their leases end. */
  private void lookAtFirst(boolean follows) {
    deadRuns.check(queues.runs(UNDER_WAY), false, follows);
    hasLooked = true;
  }

  private Duration pauseAfterFailure() {
    Duration pause = pollInterval.multipliedBy(1L << Math.min(failures, 10));
    return jittered(pause.compareTo(MAX_PAUSE) < 0 ? pause : MAX_PAUSE);
  }

  /** Many agents don't ask all at once. */
  private static Duration jittered(Duration duration) {
    double factor = ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER);
    return Duration.ofNanos((long) (duration.toNanos() * factor));
  }

  /**
   * Takes no more runs, and returns when the active ones have ended; they can still be cancelled.
   */
  @Override
  public void close() {
    closing = true;
    active.wakeUp();
    awaitEnd();
    services.close();
    submission.close();
  }

  /**
   * Takes no more runs, and returns when the active ones have ended, or the time is over. Those
   * that go on then are left to the next agent that can reach them.
   *
   * @return whether all have ended
   */
  public boolean close(Duration atMost) {
    Arguments.notNull(atMost, "atMost");
    closing = true;
    active.wakeUp();
    boolean haveEnded;
    try {
      loop.join(Math.max(1, TimeUnit.MILLISECONDS.convert(atMost))); // if it is longer, the most
      haveEnded = !loop.isAlive();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      haveEnded = false;
    }
    if (!haveEnded) {
      leaving = true;
      active.closeAll();
    }
    close();
    return haveEnded;
  }

  /** Takes no more runs, kills the active ones, and returns when they have ended. */
  public void stopNow() {
    closing = true;
    active.stop(STOP_GRACE);
    close();
  }

  /** Returns how this agent is; asks nobody. */
  public AgentHealth health() {
    String why = problem;
    AgentHealth.State state =
        !loop.isAlive()
            ? AgentHealth.State.IDLE
            : closing
                ? AgentHealth.State.CLOSING
                : why != null ? AgentHealth.State.WAITING_FOR_STORE : AgentHealth.State.WORKING;
    return new AgentHealth(state, active.size(), active.starting(), why);
  }

  /** How many runs it has taken. */
  long taken() {
    return taken.get();
  }

  /** Returns whether this agent takes no more runs, because it was closed or stopped. */
  public boolean isClosing() {
    return closing;
  }

  /** Returns when another thread has closed this agent and its runs have ended. */
  public void awaitEnd() {
    try {
      loop.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(
          Code.INTERRUPTED, "Waiting for the agent's runs was interrupted.", e);
    }
  }

  /** The settings of an agent. Not safe for use by several threads. */
  public static final class Builder {
    private final Sheave sheave;
    private Set<String> queues = Set.of();
    private Set<String> queuePrefixes = Set.of();
    private @Nullable String pool;
    private @Nullable String name;
    private int limit = Integer.MAX_VALUE;
    private int maxStarts = DEFAULT_MAX_STARTS;
    private Duration prefetch = DEFAULT_PREFETCH;
    private Duration pollInterval = DEFAULT_POLL_INTERVAL;
    private Consumer<List<String>> output =
        lines -> lines.forEach(LoggerFactory.getLogger("dev.sheave.agent.output")::info);

    private Builder(Sheave sheave) {
      this.sheave = Arguments.notNull(sheave, "sheave");
    }

    /** Names the work queues to take runs from; missing ones are created. */
    public Builder queues(String... names) {
      return queues(Arrays.asList(Arguments.notNull(names, "queues")));
    }

    /** Names the work queues to take runs from; missing ones are created. */
    public Builder queues(Iterable<String> names) {
      this.queues = new LinkedHashSet<>(Arguments.noneNull(names, "queues"));
      return this;
    }

    /**
     * Names the work pool that the queues are of; without queues and prefixes, runs are taken from
     * all its queues. By default it is {@link WorkQueueApi#DEFAULT_POOL}, and queues must be named.
     */
    public Builder pool(@Nullable String value) {
      this.pool = value;
      return this;
    }

    /** Takes runs from all work queues whose names begin with one of these. */
    public Builder queuePrefixes(Iterable<String> prefixes) {
      this.queuePrefixes = new LinkedHashSet<>(Arguments.noneNull(prefixes, "queuePrefixes"));
      return this;
    }

    /**
     * Sets what people call the agent; no other one that is alive has that name. By default it is
     * made of the names of the host and the process. If one of another machine has the name, which
     * may have been killed, the agent waits until it has it, and says so in the log and in its
     * health.
     */
    public Builder name(@Nullable String value) {
      this.name = value;
      return this;
    }

    /** The work pool; empty for the default one. */
    public Optional<String> pool() {
      return Optional.ofNullable(pool);
    }

    /** What the names of the work queues begin with. */
    public Set<String> queuePrefixes() {
      return Collections.unmodifiableSet(queuePrefixes);
    }

    /** The agent's name; empty for one that is made up. */
    public Optional<String> name() {
      return Optional.ofNullable(name);
    }

    /** Sets how many runs may be active at once; null for any number, the default. */
    public Builder limit(@Nullable Integer runs) {
      this.limit = Objects.requireNonNullElse(runs, Integer.MAX_VALUE);
      return this;
    }

    /** The work queues that were named. */
    public Set<String> queues() {
      return Collections.unmodifiableSet(queues);
    }

    /** How many runs may be active at once; empty for any number. */
    public OptionalInt limit() {
      return limit == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(limit);
    }

    /**
     * Sets how many runs may be starting at once, so that a start doesn't wait for many others;
     * {@link #DEFAULT_MAX_STARTS} by default. No more are taken than can be started.
     */
    public Builder maxStarts(int runs) {
      this.maxStarts = runs;
      return this;
    }

    /** How many runs may be starting at once. */
    public int maxStarts() {
      return maxStarts;
    }

    /** Sets how long before a run is due it is taken; {@link #DEFAULT_PREFETCH} by default. */
    public Builder prefetch(Duration duration) {
      this.prefetch = Arguments.notNull(duration, "prefetch");
      return this;
    }

    /** How long before a run is due it is taken. */
    public Duration prefetch() {
      return prefetch;
    }

    /** Sets how often queues are asked, see {@link #DEFAULT_POLL_INTERVAL}. */
    public Builder pollInterval(Duration duration) {
      this.pollInterval = Arguments.notNull(duration, "pollInterval");
      return this;
    }

    /** How often queues are asked. */
    public Duration pollInterval() {
      return pollInterval;
    }

    /**
     * Sets the consumer of the lines that runs print, called from several threads; by default they
     * are logged.
     */
    public Builder output(Consumer<String> lines) {
      Arguments.notNull(lines, "output");
      return outputTogether(all -> all.forEach(lines));
    }

    /**
     * Sets the consumer of the lines that runs print, which gets those of a run that come in quick
     * succession together; see {@link #output}.
     */
    public Builder outputTogether(Consumer<List<String>> lines) {
      this.output = Arguments.notNull(lines, "output");
      return this;
    }

    /**
     * Returns an agent that doesn't poll, for {@link Agent#runOnce()}.
     *
     * @throws SheaveException {@code INVALID} if no queue, prefix or pool is named, a prefix is
     *     empty, or a number is out of range
     */
    public Agent build() {
      if (queues.isEmpty() && queuePrefixes.isEmpty() && pool == null) {
        throw new SheaveException(
            Code.INVALID, "No work queues provided: name at least one to take runs from.");
      }
      if (queuePrefixes.stream().anyMatch(String::isBlank)) {
        throw new SheaveException(
            Code.INVALID,
            "A prefix of work queues must not be empty; name a work pool alone to take runs from"
                + " all its queues.");
      }
      if (limit < 1) {
        throw new SheaveException(
            Code.INVALID, "The limit of flow runs must be 1 or more, not " + limit + ".");
      }
      if (maxStarts < 1) {
        throw new SheaveException(
            Code.INVALID,
            "The number of flow runs that start at once must be 1 or more, not " + maxStarts + ".");
      }
      if (prefetch.isNegative()) {
        throw new SheaveException(
            Code.INVALID, "The prefetch of an agent must not be negative, as " + prefetch + " is.");
      }
      if (pollInterval.isNegative() || pollInterval.isZero()) {
        throw new SheaveException(
            Code.INVALID,
            "The poll interval of an agent must be more than zero, unlike " + pollInterval + ".");
      }
      if (prefetch.compareTo(LONGEST) > 0 || pollInterval.compareTo(LONGEST) > 0) {
        throw new SheaveException(
            Code.INVALID,
            "The poll interval and the prefetch of an agent must be at most "
                + LONGEST.toDays()
                + " days.");
      }
      return new Agent(this);
    }

    /**
     * Returns an agent that polls from now on until it is closed, from a thread that keeps the
     * program running.
     *
     * @throws SheaveException as {@link #build()} does; {@code UNAVAILABLE} or {@code
     *     PERMISSION_DENIED} if the queues can't be read; {@code CONFLICT} if an agent of this
     *     machine that is alive has its name
     */
    public Agent start() {
      Agent agent = build();
      agent.start();
      return agent;
    }
  }
}
