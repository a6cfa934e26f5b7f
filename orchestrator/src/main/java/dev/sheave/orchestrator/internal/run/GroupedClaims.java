package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.AgentNews;
import dev.sheave.api.AgentProfile;
import dev.sheave.api.AgentSync;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.RunClaim;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.orchestrator.internal.database.Database.GroupWork;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.queue.WorkPoolTable;
import dev.sheave.orchestrator.internal.run.FlowRunTable.Waiting;
import dev.sheave.orchestrator.internal.run.WaitingRuns.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Claims runs for agents that ask at once. What it tells are the runs and the queues alone. */
final class GroupedClaims implements GroupWork<AgentSync, AgentNews> {
  private static final int MOST_RUNS = 200;

  @Override
  public double share(AgentSync sync) {
    return (double) sync.room() / MOST_RUNS;
  }

  @Override
  public List<Optional<AgentNews>> doTogether(Handle handle, List<AgentSync> syncs) {
    return claim(handle, syncs).stream().map(Optional::of).toList();
  }

  @Override
  public AgentNews doAlone(Handle handle, AgentSync sync) {
    return claim(handle, List.of(sync)).get(0);
  }

  /** Where agents take runs from. */
  private record Source(
      String pool, Set<String> queues, Set<String> queuePrefixes, Duration prefetch) {
    static Source of(AgentSync sync) {
      AgentProfile agent = sync.agent();
      return new Source(agent.pool(), agent.queues(), agent.queuePrefixes(), sync.prefetch());
    }
  }

  private static List<AgentNews> claim(Handle handle, List<AgentSync> syncs) {
    Instant now = StoreClock.now(handle);
    Map<Source, List<AgentSync>> alike =
        syncs.stream()
            .collect(Collectors.groupingBy(Source::of, LinkedHashMap::new, Collectors.toList()));
    Map<Source, Iterator<AgentNews>> news = new HashMap<>();
    alike.forEach((source, some) -> news.put(source, claimAlike(handle, some, now).iterator()));
    return syncs.stream()
        .map(sync -> Objects.requireNonNull(news.get(Source.of(sync))).next())
        .toList();
  }

  /** Claims runs for agents that take them from the same queues. */
  private static List<AgentNews> claimAlike(Handle handle, List<AgentSync> syncs, Instant now) {
    AgentSync first = syncs.get(0);
    List<WorkQueueRecord> queues = JdbcAgentApi.queues(handle, first.agent());
    Instant before = now.plus(first.prefetch());
    int room = syncs.stream().mapToInt(AgentSync::room).sum();
    List<Waiting> waiting =
        new WaitingRuns(null, before, room, Use.CLAIM)
            .readToClaim(handle, WorkPoolTable.read(handle, first.agent().pool()), queues, now);
    Map<UUID, RunClaim> claims = new HashMap<>();
    List<Integer> shares = new ArrayList<>();
    for (AgentSync each : syncs) {
      List<Waiting> rest = waiting.subList(claims.size(), waiting.size());
      List<Waiting> share = rest.subList(0, Math.min(each.room(), rest.size()));
      RunClaim claim = new RunClaim(each.agent().id(), each.lease(), before, each.room());
      share.forEach(run -> claims.put(run.run().id(), claim));
      shares.add(share.size());
    }
    List<FlowRunRecord> rest =
        FlowRunTransitions.claim(
            handle, waiting, run -> Objects.requireNonNull(claims.get(run.id())), now);
    List<AgentNews> news = new ArrayList<>();
    for (int share : shares) {
      news.add(
          new AgentNews(rest.subList(0, share), Set.of(), List.of(), List.of(), queues, false));
      rest = rest.subList(share, rest.size());
    }
    return news;
  }
}
