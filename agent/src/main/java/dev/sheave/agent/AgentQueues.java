package dev.sheave.agent;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.AgentProfile;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewWorkQueue;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.WorkPoolFilter;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueFilter;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.internal.AllPages;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work queues of an agent; they are refreshed from time to time. Used by one thread. */
final class AgentQueues {
  private static final Duration MAX_AGE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final OrchestrationApi api;
  private final AgentProfile profile;
  private final boolean isDefaultPool;
  private final Map<String, WorkQueueRecord> queues = new LinkedHashMap<>();
  private final Set<String> saidPaused = new HashSet<>();
  private final Set<String> saidMatched = new HashSet<>();
  private boolean isRead;
  private long readAt;

  AgentQueues(OrchestrationApi api, AgentProfile profile) {
    this.api = api;
    this.profile = profile;
    this.isDefaultPool = profile.pool().equals(WorkQueueApi.DEFAULT_POOL);
  }

  /** Refreshes the queues if it is time, and creates missing ones. */
  void refresh() {
    if (isRead && System.nanoTime() - readAt < MAX_AGE.toNanos()) {
      return;
    }
    List<WorkQueueRecord> found = new ArrayList<>();
    for (String name : profile.queues()) {
      found.add(find(name).orElseGet(() -> create(name)));
    }
    if (!profile.queuePrefixes().isEmpty()) {
      found.addAll(
          list(
              WorkQueueFilter.ALL.toBuilder()
                  .name(FieldMatch.startsWith(profile.queuePrefixes()))
                  .build()));
    } else if (profile.queues().isEmpty()) {
      found.addAll(list(WorkQueueFilter.ALL));
    }
    set(found);
  }

  /** Takes queues that were read otherwise, and says what is new of them. */
  void set(List<WorkQueueRecord> found) {
    queues.clear();
    List<String> matched = new ArrayList<>();
    for (WorkQueueRecord queue : found) {
      queues.put(queue.name(), queue);
      if (profile.queuePrefixes().stream().anyMatch(queue.name()::startsWith)
          && saidMatched.add(queue.name())) {
        matched.add(queue.name());
      }
      if (!queue.isPaused()) {
        saidPaused.remove(queue.name());
      } else if (saidPaused.add(queue.name())) {
        LOG.info("Work queue '{}' is paused.", queue.name());
      }
    }
    if (!matched.isEmpty()) {
      LOG.info("Matched new work queues: {}", String.join(", ", matched));
    }
    isRead = true;
    readAt = System.nanoTime();
  }

  private Optional<WorkQueueRecord> find(String name) {
    return isDefaultPool
        ? api.workQueues().findWorkQueue(name)
        : api.workPools().findWorkQueue(profile.pool(), name);
  }

  private WorkQueueRecord create(String name) {
    try {
      WorkQueueRecord queue =
          isDefaultPool
              ? api.workQueues().createWorkQueue(name, null, null)
              : api.workPools().createWorkQueue(profile.pool(), NewWorkQueue.builder(name).build());
      LOG.info("Created work queue '{}'.", name);
      return queue;
    } catch (SheaveException e) {
      if (e.code() == Code.ALREADY_EXISTS) { // another agent was faster
        return find(name).orElseThrow(() -> e);
      }
      throw e;
    }
  }

  private List<WorkQueueRecord> list(WorkQueueFilter filter) {
    return AllPages.read(page -> api.workPools().listWorkQueues(profile.pool(), filter, page));
  }

  /**
   * Does something with each queue that isn't paused. One that was deleted is made again by the
   * next refresh.
   */
  void forEach(Consumer<WorkQueueRecord> action) {
    for (WorkQueueRecord queue : List.copyOf(queues.values())) {
      try {
        if (!queue.isPaused()) {
          action.accept(queue);
        }
      } catch (SheaveException e) {
        if (e.code() != Code.NOT_FOUND) {
          throw e;
        }
        isRead = false;
        return;
      }
    }
  }

  /** Returns the runs of a queue that may be taken. */
  List<FlowRunRecord> due(WorkQueueRecord queue, int limit, Instant before) {
    return isDefaultPool
        ? api.workQueues().readRunsOfWorkQueue(queue.id(), limit, before)
        : api.workPools()
            .readRunsOfWorkPool(profile.pool(), Set.of(queue.name()), null, before, limit);
  }

  /** Returns all runs in the queues that match. */
  List<FlowRunRecord> runs(FlowRunFilter filter) {
    if (queues.isEmpty()) {
      return List.of();
    }
    RecordFilter ofQueues =
        RecordFilter.builder()
            .flowRuns(filter.withWorkQueueNames(Set.copyOf(queues.keySet())))
            .workPools(
                WorkPoolFilter.ALL.toBuilder()
                    .name(FieldMatch.anyOf(Set.of(profile.pool())))
                    .build())
            .build();
    return AllPages.read(page -> api.flowRuns().listFlowRuns(ofQueues, FlowRunSort.ID_DESC, page));
  }
}
