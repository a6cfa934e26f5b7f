package dev.sheave.server;

import dev.sheave.api.AuditApi;
import dev.sheave.api.AuditRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes the changes that are made through a server: many at once, so that a change costs no second
 * transaction. Safe for use by several threads.
 */
final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

  private static final Duration INTERVAL = Duration.ofMillis(500);

  /** How many changes are kept while the database doesn't take them. */
  private static final int MAX_KEPT = 100_000;

  /** What only adds to a run's log, or asks for work: it is in the records anyway. */
  private static final Set<String> ROUTINE =
      Set.of(
          "POST /logs/",
          "POST /sheave/audit/filter",
          "POST /flow_runs/renew_leases",
          "POST /flow_runs/{id}/report_alive",
          "POST /sheave/sync",
          "POST /sheave/agents/leave",
          "POST /work_queues/{id}/get_runs",
          "POST /work_pools/{name}/get_scheduled_flow_runs",
          "POST /work_pools/{name}/claim_runs",
          "POST /work_pools/{pool}/workers/heartbeat");

  private final AuditApi audit;
  private final ScheduledExecutorService writer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "sheave-audit");
            thread.setDaemon(true);
            return thread;
          });
  private List<AuditRecord> noted = new ArrayList<>();
  private boolean isFull;

  AuditLog(AuditApi audit) {
    this.audit = audit;
    var unused =
        writer.scheduleWithFixedDelay(
            this::write, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether calls of a route are changes. */
  static boolean isChange(Route route) {
    return route.scope().compareTo(Scope.RUN) >= 0
        && !ROUTINE.contains(route.method() + " " + route.path());
  }

  synchronized void note(AuditRecord change) {
    if (noted.size() < MAX_KEPT) {
      noted.add(change);
    } else if (!isFull) {
      isFull = true;
      LOG.error("The database takes no audit entries; from now on changes aren't noted.");
    }
  }

  private synchronized List<AuditRecord> take() {
    List<AuditRecord> taken = noted;
    noted = new ArrayList<>();
    isFull = false;
    return taken;
  }

  private synchronized void putBack(List<AuditRecord> changes) {
    changes.addAll(noted);
    noted = changes;
  }

  private void write() {
    List<AuditRecord> changes = take();
    try {
      audit.addChanges(changes);
    } catch (RuntimeException e) { // a defect mustn't end the writing either
      LOG.warn("{} changes can't be noted yet: {}", changes.size(), e.getMessage());
      putBack(changes);
    }
  }

  /** Writes what is noted. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(30, TimeUnit.SECONDS)) {
        LOG.warn("The database didn't take the last audit entries in time.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    write();
  }
}
