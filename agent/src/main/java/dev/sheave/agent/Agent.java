package dev.sheave.agent;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.internal.Arguments;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
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
  public static final Duration DEFAULT_PREFETCH = Duration.ofSeconds(10);

  /** How often queues are asked, give or take 30 %. */
  public static final Duration DEFAULT_POLL_INTERVAL = Duration.ofSeconds(2);

  /** How many runs are started at a time. */
  public static final int DEFAULT_MAX_STARTS = 8;

  /** How many runs are taken from a queue at a time. */
  private static final int BATCH = 20;

  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);
  private static final double JITTER = 0.3;

  /** How long runs get to end when they are stopped with their agent. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final Sheave sheave;
  private final int limit;
  private final int maxStarts;
  private final Duration prefetch;
  private final Duration pollInterval;
  private final PolledQueues queues;
  private final ActiveRuns active = new ActiveRuns();
  private final Submission submission;
  private final Cancellations cancellations;
  private final DeadRunDetector deadRuns;
  private final Thread loop = new Thread(this::poll, "sheave-agent");
  private volatile OrchestrationApi.Hosting services = () -> {};
  private int failures;
  private volatile boolean closing;

  private Agent(Builder builder) {
    this.sheave = builder.sheave;
    this.limit = builder.limit;
    this.maxStarts = builder.maxStarts;
    this.prefetch = builder.prefetch;
    this.pollInterval = builder.pollInterval;
    this.queues = new PolledQueues(sheave.api().workQueues(), builder.queues);
    InfrastructureResolver infrastructure = new InfrastructureResolver(sheave);
    FlowRunApi runs = sheave.api().flowRuns();
    OutputPositions positions = new OutputPositions(sheave.home());
    this.submission = new Submission(runs, infrastructure, active, positions, builder.output);
    this.cancellations =
        new Cancellations(
            runs,
            infrastructure,
            active,
            positions,
            FlowRunFilter.ALL.withWorkQueueNames(builder.queues));
    this.deadRuns =
        new DeadRunDetector(runs, infrastructure, active, submission, positions, builder.queues);
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
    services = sheave.api().hostServices();
    loop.start();
  }

  /**
   * Takes the runs that are due now, and returns when they have ended. Runs that become due
   * meanwhile are left. To be called on an agent that was not started.
   *
   * @throws SheaveException {@code UNAVAILABLE} if the orchestrator doesn't answer
   */
  public void runOnce() {
    if (loop.isAlive()) {
      throw new IllegalStateException("this agent is polling already; use another one to run once");
    }
    Instant dueBefore = Instant.now().plus(prefetch);
    submission.resumeAccess();
    queues.refresh();
    services = sheave.api().hostServices();
    deadRuns.check(false);
    while (!closing) {
      cancellations.check();
      int taken = take(dueBefore);
      if (taken == 0 && active.isEmpty()) {
        break;
      }
      if (taken == 0) {
        active.awaitChange(pollInterval);
      }
    }
    awaitRuns();
    services.close();
  }

  private void awaitRuns() {
    while (!active.isEmpty()) {
      cancellations.check();
      active.awaitChange(pollInterval);
    }
    cancellations.awaitEnd();
  }

  private void poll() {
    while (!closing || !active.isEmpty()) {
      Duration pause = attempt() ? jittered(pollInterval) : pauseAfterFailure();
      if (!closing || !active.isEmpty()) {
        active.awaitChange(pause);
      }
    }
    cancellations.awaitEnd();
  }

  private boolean attempt() {
    try {
      cancellations.check();
      deadRuns.check(!closing);
      if (!closing) {
        queues.refresh();
        while (take(Instant.now().plus(prefetch)) > 0) {
          LOG.debug("There may be more runs");
        }
      }
      if (failures > 0) {
        LOG.info("The orchestrator is responding again.");
      }
      failures = 0;
      return true;
    } catch (SheaveException e) {
      if (failures++ == 0) {
        LOG.warn("The orchestrator isn't responding; retrying until it does: {}", e.getMessage());
      }
    } catch (RuntimeException | Error e) {
      // a defect; the next time may be better, and the runs under way need their agent
      if (failures++ == 0) {
        LOG.error("Polling failed; retrying.", e);
      }
    }
    return false;
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

  /** A run that is due, and the priority of its queue. */
  private record Due(int priority, FlowRunRecord run) {
    private static final Comparator<Due> ORDER =
        Comparator.comparingInt(Due::priority)
            .thenComparing(
                due -> due.run.nextScheduledStartTime(),
                Comparator.nullsFirst(Comparator.naturalOrder()));
  }

  /**
   * Takes due runs, by the priority of their queues and then by their time: as many as the limit
   * allows, and as can be started now. Returns how many.
   */
  private int take(Instant dueBefore) {
    int room = Math.min(limit - active.size(), maxStarts - active.starting());
    if (room <= 0) {
      LOG.debug("{} flow runs in progress, of which {} start.", active.size(), active.starting());
      return 0;
    }
    List<Due> due = new ArrayList<>();
    queues.forEach(
        queue ->
            sheave
                .api()
                .workQueues()
                .readRunsOfWorkQueue(queue.id(), Math.min(BATCH, room), dueBefore)
                .forEach(run -> due.add(new Due(queue.priority(), run))));
    due.sort(Due.ORDER);
    int taken = 0;
    for (Due each : due) {
      FlowRunRecord run = each.run;
      if (taken < room && !closing && !active.contains(run.id()) && submission.submit(run)) {
        taken++;
      }
    }
    return taken;
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

  /** Takes no more runs, kills the active ones, and returns when they have ended. */
  public void stopNow() {
    closing = true;
    active.stop(STOP_GRACE);
    close();
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
    private int limit = Integer.MAX_VALUE;
    private int maxStarts = DEFAULT_MAX_STARTS;
    private Duration prefetch = DEFAULT_PREFETCH;
    private Duration pollInterval = DEFAULT_POLL_INTERVAL;
    private Consumer<String> output =
        line -> LoggerFactory.getLogger("dev.sheave.agent.output").info(line);

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

    /** Sets how often queues are asked; {@link #DEFAULT_POLL_INTERVAL} by default. */
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
      this.output = Arguments.notNull(lines, "output");
      return this;
    }

    /**
     * Returns an agent that doesn't poll, for {@link Agent#runOnce()}.
     *
     * @throws SheaveException {@code INVALID} if no queue is named, or a number is out of range
     */
    public Agent build() {
      if (queues.isEmpty()) {
        throw new SheaveException(
            Code.INVALID, "No work queues provided: name at least one to take runs from.");
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
      if (prefetch.isNegative() || pollInterval.isNegative() || pollInterval.isZero()) {
        throw new SheaveException(
            Code.INVALID, "The prefetch and poll interval of an agent must not be negative.");
      }
      return new Agent(this);
    }

    /**
     * Returns an agent that polls from now on until it is closed, from a thread that keeps the
     * program running.
     *
     * @throws SheaveException as {@link #build()} does; {@code UNAVAILABLE} or {@code
     *     PERMISSION_DENIED} if the queues can't be read
     */
    public Agent start() {
      Agent agent = build();
      agent.start();
      return agent;
    }
  }
}
