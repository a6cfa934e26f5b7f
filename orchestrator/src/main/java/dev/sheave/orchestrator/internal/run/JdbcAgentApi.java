package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.AgentApi;
import dev.sheave.api.AgentNews;
import dev.sheave.api.AgentProfile;
import dev.sheave.api.AgentRecord;
import dev.sheave.api.AgentSync;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.RunClaim;
import dev.sheave.api.WorkPoolRecord;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.orchestrator.internal.agent.AgentTable;
import dev.sheave.orchestrator.internal.agent.AgentTable.Heard;
import dev.sheave.orchestrator.internal.database.Changes;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.Database.Requests;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.queue.WorkPoolTable;
import dev.sheave.orchestrator.internal.queue.WorkQueueTable;
import dev.sheave.orchestrator.internal.run.WaitingRuns.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Agents over JDBC. Safe for use by several threads. */
public final class JdbcAgentApi implements AgentApi {
  /** The round of an agent that has left. */
  private static final int OVER = Integer.MAX_VALUE;

  /** How exactly it is known when an agent was heard. */
  private static final Duration RESOLUTION = Duration.ofSeconds(5);

  /** How exactly it is known since when it has room for runs, or none. */
  private static final Duration ROOM_RESOLUTION = Duration.ofSeconds(1);

  /** How often the records are looked at for an agent that is busy. */
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

  private final Database database;
  private final Changes changes;
  private final Requests<AgentSync, AgentNews> claims;
  private volatile boolean isDefaultComplete;

  /** The agents that took as many runs as they could by their last call. */
  private final Map<String, Busy> busy = new ConcurrentHashMap<>();

  /** The round of each agent whose call waits here. */
  private final Map<String, Integer> waiting = new ConcurrentHashMap<>();

  /** The last round of each agent that calls here. */
  private final Map<String, Integer> rounds = new ConcurrentHashMap<>();

  /**
   * Keeps the records in a database.
   *
   * @param changes tells when others have changed it
   */
  public JdbcAgentApi(Database database, Changes changes) {
    this.database = database;
    this.changes = changes;
    this.claims = database.groupedClaims(new GroupedClaims());
  }

  /**
   * What a look at the records has found.
   *
   * @param began when it began, by {@link System#nanoTime}
   * @param isKept whether it isn't time to record that the agent lives
   * @param next when it is time for the next look
   */
  private record Look(
      long began, AgentNews news, boolean hasWaitingRuns, boolean isKept, Duration next) {}

  /**
   * An agent that takes as many runs as it can.
   *
   * @param looked when all that concerns it was looked at, by {@link System#nanoTime}
   * @param given the runs that it was given last
   */
  private record Busy(long looked, Set<UUID> given) {
    /** An answer that was lost isn't followed by another one that doesn't tell the same. */
    boolean mayTakeMore(AgentSync sync) {
      return sync.room() > 0
          && System.nanoTime() - looked < LOOK_INTERVAL.toNanos()
          && !Collections.disjoint(sync.known(), given);
    }
  }

  @Override
  public AgentNews sync(AgentSync sync) {
    String id = sync.agent().id();
    rounds.merge(id, sync.round(), Math::max);
    if (waiting.containsKey(id)) {
      changes.announce(); // the call of an earlier round ends
    }
    completeDefault(sync);
    if (sync.maxWait().isZero()) {
      return claimMore(sync).orElseGet(() -> news(sync, look(sync, true)));
    }
    waiting.put(id, sync.round());
    try {
      return await(sync);
    } finally {
      waiting.remove(id, sync.round());
    }
  }

  /** Looks until there is news, the time is over, or the agent has called again. */
  private AgentNews await(AgentSync sync) {
    long deadline = System.nanoTime() + sync.maxWait().toNanos();
    boolean isFirst = true;
    while (true) {
      long version = changes.version();
      Look look = look(sync, isFirst);
      isFirst = false;
      AgentNews news = news(sync, look);
      long left = deadline - System.nanoTime();
      if (left <= 0 || !isLast(sync) || isNews(news, sync)) {
        return news;
      }
      changes.await(version, Duration.ofNanos(Math.min(left, look.next().toNanos())));
      if (!isLast(sync)) {
        return news; // nobody waits for another look
      }
    }
  }

  /**
   * Looks at all that concerns an agent, and records that it lives when it is time.
   *
   * @param isCalled whether it calls just now, and isn't waiting
   */
  private Look look(AgentSync sync, boolean isCalled) {
    Look look = database.read(handle -> look(handle, sync, isCalled));
    if (look.isKept()) {
      return look; // who calls often doesn't keep others from writing
    }
    keep(sync);
    return database.read(handle -> look(handle, sync, false));
  }

  private AgentNews news(AgentSync sync, Look look) {
    return look.hasWaitingRuns() && isLast(sync)
        ? with(look.news(), claim(sync, look.began()).runs())
        : look.news();
  }

  private boolean isLast(AgentSync sync) {
    return rounds.getOrDefault(sync.agent().id(), 0) <= sync.round();
  }

  private static boolean isNews(AgentNews news, AgentSync sync) {
    return !news.runs().isEmpty()
        || !news.lost().isEmpty()
        || !seenAll(news.cancelling(), sync)
        || !seenAll(news.abandoned(), sync);
  }

  private static boolean seenAll(List<FlowRunRecord> runs, AgentSync sync) {
    return runs.stream().allMatch(run -> sync.seen().contains(run.id()));
  }

  private void completeDefault(AgentSync sync) {
    if (isDefaultComplete || !sync.agent().pool().equals(WorkQueueApi.DEFAULT_POOL)) {
      return;
    }
    if (database.readOnce(WorkPoolTable::isDefaultIncomplete)) {
      database.change(WorkPoolTable::completeDefault);
    }
    isDefaultComplete = true; // it can't be deleted
  }

  /** Records that the agent lives, and renews its leases. */
  private void keep(AgentSync sync) {
    AgentProfile agent = sync.agent();
    database.claim(
        handle -> {
          WorkPoolTable.read(handle, agent.pool());
          AgentTable.keep(handle, agent, sync.room());
          FlowRunTable.renewLeases(handle, agent.id(), sync.lease());
          agent.queues().stream()
              .sorted()
              .forEach(name -> WorkQueueTable.idOrNew(handle, agent.pool(), name));
          queues(handle, agent).stream()
              .filter(queue -> WorkQueueTable.isPollWorthRecording(handle, queue))
              .forEach(queue -> WorkQueueTable.recordPoll(handle, queue.id()));
          return true;
        });
  }

  /**
   * Returns when it is time to record that an agent lives.
   *
   * @param isCalled whether it calls just now, and isn't waiting
   */
  private static Instant keepAt(Handle handle, AgentSync sync, Instant now, boolean isCalled) {
    Heard heard = AgentTable.heard(handle, sync.agent().id()).orElse(null);
    if (heard == null || heard.at().isAfter(now)) {
      return isCalled ? Instant.MIN : Instant.MAX; // it has left, or the clock was set back
    }
    if (heard.hasRoom() != (sync.room() > 0)) {
      return heard.at().plus(ROOM_RESOLUTION);
    }
    return isCalled ? heard.at().plus(RESOLUTION) : Instant.MAX;
  }

  private static boolean hasAll(List<WorkQueueRecord> queues, AgentSync sync) {
    return queues.stream()
        .map(WorkQueueRecord::name)
        .collect(Collectors.toSet())
        .containsAll(sync.agent().queues());
  }

  static List<WorkQueueRecord> queues(Handle handle, AgentProfile agent) {
    return JdbcWorkPoolApi.allQueues(handle, agent.pool(), agent.queues(), agent.queuePrefixes());
  }

  private static Look look(Handle handle, AgentSync sync, boolean isCalled) {
    long began = System.nanoTime();
    AgentProfile agent = sync.agent();
    Instant now = StoreClock.now(handle);
    Instant keepAt = keepAt(handle, sync, now, isCalled);
    WorkPoolRecord pool = WorkPoolTable.read(handle, agent.pool());
    List<WorkQueueRecord> queues = queues(handle, agent);
    List<UUID> ids = queues.stream().map(WorkQueueRecord::id).toList();
    Instant before = now.plus(sync.prefetch());
    HeldRuns held = new HeldRuns(agent.id(), sync.known());
    boolean mayTake =
        sync.room() > 0
            && !new WaitingRuns(null, before, 1, Use.LOOK)
                .read(handle, pool, queues, now)
                .isEmpty();
    boolean isKept =
        now.isBefore(keepAt)
            && (!isCalled
                || (hasAll(queues, sync)
                    && !HeldRuns.isLeaseShort(
                        handle, agent.id(), now.plus(sync.lease().dividedBy(2)))));
    Duration next = Duration.ZERO;
    if (!sync.maxWait().isZero()) {
      next = HeldRuns.untilNext(handle, ids, now, before);
      if (keepAt.isBefore(now.plus(next))) {
        next = Duration.between(now, keepAt).plusMillis(1);
      }
    }
    return new Look(
        began,
        new AgentNews(
            held.unknown(handle),
            held.lost(handle),
            HeldRuns.cancelling(handle, ids),
            HeldRuns.abandoned(handle, ids, now, sync.known()),
            queues,
            pool.isPaused()),
        mayTake,
        isKept,
        next);
  }

  /**
   * Claims runs for an agent, and tells of nothing else.
   *
   * @param looked when all that concerns it was looked at
   */
  private AgentNews claim(AgentSync sync, long looked) {
    AgentNews claimed = claims.submit(sync);
    if (claimed.runs().size() == sync.room()) {
      Set<UUID> given = claimed.runs().stream().map(FlowRunRecord::id).collect(Collectors.toSet());
      busy.put(sync.agent().id(), new Busy(looked, given));
    } else {
      busy.remove(sync.agent().id());
    }
    return claimed;
  }

  /**
   * Claims runs for an agent that has just taken all it could, without a look at what else concerns
   * it: that waits for a moment.
   *
   * @return empty if it is time for a look, or there is no run
   */
  private Optional<AgentNews> claimMore(AgentSync sync) {
    Busy before = busy.get(sync.agent().id());
    return before != null && before.mayTakeMore(sync) && isLast(sync)
        ? Optional.of(claim(sync, before.looked())).filter(news -> !news.runs().isEmpty())
        : Optional.empty();
  }

  /** Adds runs that were just claimed: they are started before anything else is looked at. */
  private static AgentNews with(AgentNews news, List<FlowRunRecord> claimed) {
    List<FlowRunRecord> own = new ArrayList<>(news.runs());
    own.addAll(claimed);
    return new AgentNews(
        own, news.lost(), news.cancelling(), news.abandoned(), news.queues(), news.isPoolPaused());
  }

  @Override
  public Optional<FlowRunRecord> adopt(UUID run, int epoch, String owner, Duration lease) {
    RunClaim.checkLease(lease);
    return database.write(handle -> HeldRuns.adopt(handle, run, epoch, owner, lease));
  }

  @Override
  public void leave(String agent) {
    rounds.put(agent, OVER);
    busy.remove(agent);
    changes.announce();
    database.change(
        handle -> {
          AgentTable.remove(handle, agent);
          FlowRunTable.endLeases(handle, agent);
        });
  }

  @Override
  public List<AgentRecord> listAgents(Page page) {
    return database.read(handle -> AgentTable.list(handle, page));
  }
}
