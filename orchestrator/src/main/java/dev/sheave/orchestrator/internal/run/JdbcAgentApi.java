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
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.queue.WorkPoolTable;
import dev.sheave.orchestrator.internal.queue.WorkQueueTable;
import dev.sheave.orchestrator.internal.run.WaitingRuns.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private final Database database;
  private final Changes changes;
  private volatile boolean isDefaultComplete;

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
  }

  /**
   * What a look at the records has found.
   *
   * @param isKept whether it isn't time to record that the agent lives
   * @param next when it is time for the next look
   */
  private record Look(AgentNews news, boolean hasWaitingRuns, boolean isKept, Duration next) {}

  @Override
  public AgentNews sync(AgentSync sync) {
    String id = sync.agent().id();
    rounds.merge(id, sync.round(), Math::max);
    changes.announce(); // calls of earlier rounds end
    long deadline = System.nanoTime() + sync.maxWait().toNanos();
    completeDefault(sync);
    boolean waits = !sync.maxWait().isZero();
    boolean isFirst = true;
    while (true) {
      long version = waits ? changes.version() : 0;
      boolean isCalled = isFirst;
      Look look = database.read(handle -> look(handle, sync, isCalled));
      if (!look.isKept()) { // who calls often doesn't keep others from writing
        keep(sync);
        look = database.read(handle -> look(handle, sync, false));
      }
      isFirst = false;
      AgentNews news = look.news();
      if (look.hasWaitingRuns() && isLast(sync)) {
        news = with(news, database.claim(handle -> claim(handle, sync)));
      }
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
  private static Instant keepAt(Handle handle, AgentSync sync, boolean isCalled) {
    Heard heard = AgentTable.heard(handle, sync.agent().id()).orElse(null);
    if (heard == null) {
      return isCalled ? Instant.MIN : Instant.MAX; // it has left
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

  private static List<WorkQueueRecord> queues(Handle handle, AgentProfile agent) {
    return JdbcWorkPoolApi.allQueues(handle, agent.pool(), agent.queues(), agent.queuePrefixes());
  }

  private static Look look(Handle handle, AgentSync sync, boolean isCalled) {
    AgentProfile agent = sync.agent();
    Instant now = StoreClock.now(handle);
    Instant keepAt = keepAt(handle, sync, isCalled);
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

  private static List<FlowRunRecord> claim(Handle handle, AgentSync sync) {
    Instant now = StoreClock.now(handle);
    RunClaim claim =
        new RunClaim(sync.agent().id(), sync.lease(), now.plus(sync.prefetch()), sync.room());
    return JdbcWorkPoolApi.claim(
        handle, sync.agent().pool(), queues(handle, sync.agent()), claim, now);
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
