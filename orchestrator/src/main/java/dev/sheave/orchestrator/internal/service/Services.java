package dev.sheave.orchestrator.internal.service;

import dev.sheave.SheaveException;
import dev.sheave.api.OrchestrationApi.Hosting;
import dev.sheave.api.PruneRule;
import dev.sheave.api.Pruned;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.run.Retention;
import dev.sheave.orchestrator.internal.run.ScheduledRuns;
import dev.sheave.orchestrator.internal.run.SilentRuns;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services of a store, in a thread of this program. Safe for use by several threads. */
public final class Services implements Hosting {
  /** How often runs are looked for that are late. */
  static final Duration STEP = Duration.ofSeconds(5);

  /** How often schedules are looked at. */
  static final Duration SCHEDULE_EACH = Duration.ofSeconds(60);

  /** How long after nothing old was left it is looked for again. */
  private static final Duration PRUNE_EACH = Duration.ofMinutes(10);

  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Services.class);

  private final Database database;
  private final ServiceLock lock = new ServiceLock("records", UUID.randomUUID().toString());
  private final SchedulePass schedules;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::work, "sheave-services");
  private final @Nullable PruneRule rule;
  private long nextSchedules = System.nanoTime();
  private long nextPruning = System.nanoTime();
  private final WatchedTime watched = new WatchedTime();
  private boolean isFailing;
  private boolean isBehind;

  private Services(Database database, @Nullable PruneRule rule) {
    this.database = database;
    this.rule = rule;
    this.schedules = new SchedulePass(database);
    thread.setDaemon(true);
  }

  /**
   * Starts them.
   *
   * @param rule says what is removed because it is old; null for nothing
   */
  public static Services start(Database database, @Nullable PruneRule rule) {
    Services services = new Services(database, rule);
    services.thread.start();
    return services;
  }

  private void work() {
    try {
      do {
        attempt();
      } while (!closed.await(STEP.toMillis(), TimeUnit.MILLISECONDS));
      database.change(lock::release);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SheaveException e) {
      LOG.debug("Another program takes the services when their lock ends", e);
    }
  }

  private void attempt() {
    try {
      step();
      isFailing = false;
    } catch (RuntimeException e) {
      // the store may be back the next time
      if (!isFailing) {
        LOG.warn("The services of the records failed; they try again: {}", e.getMessage());
      }
      isFailing = true;
    }
  }

  private void step() {
    Instant time = database.<Optional<Instant>>write(lock::take).orElse(null);
    if (time == null) {
      return;
    }
    long now = System.nanoTime();
    if (now - nextSchedules >= 0) {
      checkClock(time);
      schedules.run();
      nextSchedules = now + SCHEDULE_EACH.toNanos();
    }
    while (database.<Boolean>writeLocked(ScheduledRuns::markLate)) {
      LOG.debug("There may be more late runs");
    }
    if (rule != null && now - nextPruning >= 0) {
      Pruned pruned = Retention.pruneSome(database, rule);
      if (pruned.isNothing()) {
        nextPruning = now + PRUNE_EACH.toNanos();
      } else {
        LOG.info(
            "Removed {} old flow runs and {} audit entries",
            pruned.flowRuns(),
            pruned.auditEntries());
      }
    }
    if (watched.add(now, time).compareTo(SilentRuns.MAX_SILENCE) >= 0) {
      while (database.<Boolean>write(SilentRuns::end)) {
        LOG.debug("There may be more silent runs");
      }
    }
  }

  private void checkClock(Instant time) {
    Instant lastHeard = database.<Optional<Instant>>read(ClockCheck::lastHeard).orElse(null);
    Optional<String> hint = ClockCheck.hint(lastHeard, time);
    if (hint.isPresent() && !isBehind) {
      LOG.warn("{}", hint.get());
    }
    isBehind = hint.isPresent();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(CLOSE_WITHIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
