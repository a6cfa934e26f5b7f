package dev.sheave.orchestrator.internal.service;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.deployment.ScheduleColumns;
import dev.sheave.orchestrator.internal.run.ScheduledRuns;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the runs of all schedules that are due to be looked at. A deployment that fails is said,
 * and put off. Not safe for use by several threads.
 */
final class SchedulePass {
  /** How long a deployment that failed is left. */
  static final Duration PUT_OFF = Duration.ofMinutes(10);

  private static final int BATCH = 250;

  private static final Logger LOG = LoggerFactory.getLogger(SchedulePass.class);

  private final Database database;
  private final Map<UUID, String> said = new HashMap<>();

  SchedulePass(Database database) {
    this.database = database;
  }

  /** Looks at the schedules that are due. */
  void run() {
    Set<UUID> seen = new HashSet<>();
    List<UUID> due;
    do {
      due = database.read(handle -> ScheduleColumns.due(handle, StoreClock.now(handle), BATCH));
      createAll(due);
    } while (due.size() == BATCH && seen.addAll(due)); // what is due again meanwhile can wait
  }

  private void createAll(List<UUID> due) {
    if (due.isEmpty()) {
      return;
    }
    try {
      database.change(handle -> ScheduledRuns.create(handle, due));
      said.keySet().removeAll(due);
    } catch (RuntimeException e) {
      LOG.debug("Schedules are looked at one by one", e);
      due.forEach(this::create);
    }
  }

  private void create(UUID id) {
    try {
      database.change(handle -> ScheduledRuns.create(handle, List.of(id)));
      said.remove(id);
    } catch (RuntimeException e) {
      if (e instanceof SheaveException error && error.code() == Code.UNAVAILABLE) {
        throw error;
      }
      String message = String.valueOf(e.getMessage());
      if (!message.equals(said.put(id, message))) {
        LOG.warn("No runs are created for the deployment {}: {}", id, message);
      }
      database.change(
          handle -> ScheduleColumns.putOff(handle, id, StoreClock.now(handle).plus(PUT_OFF)));
    }
  }
}
