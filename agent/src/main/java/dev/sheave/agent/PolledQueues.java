package dev.sheave.agent;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueRecord;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work queues that an agent polls; they are refreshed from time to time. Used by one thread.
 */
final class PolledQueues {
  private static final Duration MAX_AGE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final WorkQueueApi api;
  private final Set<String> names;
  private final Map<String, WorkQueueRecord> queues = new LinkedHashMap<>();
  private final Set<String> saidPaused = new HashSet<>();
  private long readAt;

  PolledQueues(WorkQueueApi api, Set<String> names) {
    this.api = api;
    this.names = Set.copyOf(names);
  }

  /** Refreshes the queues if it is time, and creates missing ones. */
  void refresh() {
    if (!queues.isEmpty() && System.nanoTime() - readAt < MAX_AGE.toNanos()) {
      return;
    }
    for (String name : names) {
      WorkQueueRecord queue = api.findWorkQueue(name).orElseGet(() -> create(name));
      queues.put(name, queue);
      if (!queue.isPaused()) {
        saidPaused.remove(name);
      } else if (saidPaused.add(name)) {
        LOG.info("Work queue '{}' is paused.", name);
      }
    }
    readAt = System.nanoTime();
  }

  private WorkQueueRecord create(String name) {
    try {
      WorkQueueRecord queue = api.createWorkQueue(name, null, null);
      LOG.info("Created work queue '{}'.", name);
      return queue;
    } catch (SheaveException e) {
      if (e.code() == Code.ALREADY_EXISTS) { // another agent was faster
        return api.findWorkQueue(name).orElseThrow(() -> e);
      }
      throw e;
    }
  }

  /**
   * Does something with each queue that isn't paused. One that was deleted is made again by the
   * next refresh.
   */
  void forEach(Consumer<WorkQueueRecord> action) {
    for (WorkQueueRecord queue : queues.values()) {
      try {
        if (!queue.isPaused()) {
          action.accept(queue);
        }
      } catch (SheaveException e) {
        if (e.code() != Code.NOT_FOUND) {
          throw e;
        }
        queues.clear();
        return;
      }
    }
  }
}
