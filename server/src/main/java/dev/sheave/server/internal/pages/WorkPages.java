package dev.sheave.server.internal.pages;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.AgentProfile;
import dev.sheave.api.AgentRecord;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.NewWorkQueue;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolApi.WorkPoolUpdate;
import dev.sheave.api.WorkPoolFilter;
import dev.sheave.api.WorkPoolRecord;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.WorkQueueFilter;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.WorkQueueStatus;
import dev.sheave.api.internal.AllPages;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The page of work pools and their queues. */
final class WorkPages {
  private static final String SECTION = "/pools";
  private static final int ROWS = 50;
  private static final Set<StateType> FILLING =
      Set.of(StateType.PENDING, StateType.RUNNING, StateType.CANCELLING);

  private final WorkPoolApi pools;
  private final WorkQueueApi queues;
  private final Sheave sheave;
  private final Views views;

  private WorkPages(Sheave sheave, Views views) {
    this.sheave = sheave;
    this.pools = sheave.api().workPools();
    this.queues = sheave.api().workQueues();
    this.views = views;
  }

  static void add(PageRoutes routes, Sheave sheave, Views views) {
    WorkPages pages = new WorkPages(sheave, views);
    routes
        .get("/pools", pages::list)
        .post("/pools/{pool}/change", pages::changePool)
        .post("/pools/{pool}/queues", pages::addQueue)
        .post("/pools/{pool}/queues/{queue}/change", pages::changeQueue);
  }

  /**
   * A queue, how it is served, and how many of its runs wait and are under way.
   *
   * @param waitReason why its runs wait; empty if there is no reason
   */
  record QueueEntry(
      WorkQueueRecord queue,
      WorkQueueStatus status,
      int waiting,
      int active,
      Optional<String> waitReason) {
    String sentence() {
      return waitReason.orElse("Served.");
    }

    String colour() {
      return queue.isPaused() ? "paused" : waitReason.isEmpty() ? "completed" : "scheduled";
    }

    String shape() {
      return queue.isPaused() ? "pause" : waitReason.isEmpty() ? "check" : "clock";
    }
  }

  /** A pool and its queues by priority. */
  record PoolEntry(WorkPoolRecord pool, List<QueueEntry> queues) {
    String path() {
      return "/pools/" + PageCall.encoded(pool.name());
    }
  }

  /**
   * The pools, and the agents that were heard lately.
   *
   * @param pools those with queues on this page, and those that have none
   * @param filters the query of the address
   * @param page the page, counted from 0
   * @param total how many queues there are
   */
  record Listed(
      List<PoolEntry> pools, List<AgentRecord> agents, FormValues filters, int page, int total) {
    boolean hasNext() {
      return (page + 1) * ROWS < total;
    }
  }

  /** What an agent takes runs from, in words. */
  static String taken(AgentProfile agent) {
    String named =
        Stream.concat(
                agent.queues().stream(), agent.queuePrefixes().stream().map(each -> each + "…"))
            .sorted()
            .collect(Collectors.joining(", "));
    return named.isEmpty() ? "all queues" : named;
  }

  private PageReply list(PageCall call) {
    // makes the default one if there is none yet
    pools.findWorkPool(WorkQueueApi.DEFAULT_POOL);
    int page = call.query().page(ROWS);
    int skipped = page * ROWS;
    int total = 0;
    List<PoolEntry> shown = new ArrayList<>();
    for (WorkPoolRecord pool :
        AllPages.read(each -> pools.listWorkPools(WorkPoolFilter.ALL, each))) {
      List<WorkQueueRecord> all =
          AllPages.read(each -> pools.listWorkQueues(pool.name(), WorkQueueFilter.ALL, each));
      List<WorkQueueRecord> here =
          all.stream()
              .skip(Math.max(0, skipped - total))
              .limit(Math.max(0, skipped + ROWS - Math.max(skipped, total)))
              .toList();
      if (!here.isEmpty() || all.isEmpty()) {
        shown.add(new PoolEntry(pool, here.stream().map(this::entry).toList()));
      }
      total += all.size();
    }
    return views.page(
        call,
        "Work pools",
        SECTION,
        "pools",
        new Listed(shown, agents(), call.query(), page, total));
  }

  private List<AgentRecord> agents() {
    return AllPages.read(sheave.api().agents()::listAgents);
  }

  private QueueEntry entry(WorkQueueRecord queue) {
    return new QueueEntry(
        queue,
        queues.readWorkQueueStatus(queue.id()),
        count(queue, Set.of(StateType.SCHEDULED)),
        count(queue, FILLING),
        queues.readWaitReason(queue.id()));
  }

  private int count(WorkQueueRecord queue, Set<StateType> types) {
    return sheave
        .api()
        .flowRuns()
        .countFlowRuns(
            RecordFilter.builder()
                .flowRuns(FlowRunFilter.ALL.withStateTypes(types))
                .workQueues(
                    WorkQueueFilter.ALL.toBuilder()
                        .id(FieldMatch.anyOf(Set.of(queue.id())))
                        .build())
                .build());
  }

  private static @Nullable Integer limit(PageCall call) {
    String text = call.form().text("limit");
    if (!text.matches("\\d{0,9}")) {
      throw new SheaveException(
          Code.INVALID,
          "The limit must be a number from 0, or empty for none; not '" + text + "'.");
    }
    return text.isEmpty() ? null : Integer.valueOf(text);
  }

  private PageReply changePool(PageCall call) {
    String name = call.text("pool");
    String action = call.form().text("action");
    pools.updateWorkPool(
        name,
        action.equals("limit")
            ? WorkPoolUpdate.NONE.withConcurrencyLimit(limit(call))
            : WorkPoolUpdate.NONE.withPaused(action.equals("pause")));
    return PageReply.redirect(call.url(SECTION))
        .withNotice("The work pool '" + name + "' was changed.");
  }

  private PageReply addQueue(PageCall call) {
    String name = call.form().text("name");
    pools.createWorkQueue(call.text("pool"), NewWorkQueue.builder(name).build());
    return PageReply.redirect(call.url(SECTION))
        .withNotice("The work queue '" + name + "' was created.");
  }

  private PageReply changeQueue(PageCall call) {
    String name = call.text("queue");
    WorkQueueRecord queue =
        pools
            .findWorkQueue(call.text("pool"), name)
            .orElseThrow(
                () ->
                    new SheaveException(
                        Code.NOT_FOUND, "The work queue '" + name + "' doesn't exist."));
    String action = call.form().text("action");
    if (action.equals("limit")) {
      queues.updateWorkQueue(
          queue.id(),
          WorkQueueUpdate.NONE
              .withConcurrencyLimit(limit(call))
              .withPriority(Math.max(1, call.form().number("priority", queue.priority()))));
    } else {
      queues.updateWorkQueue(queue.id(), WorkQueueUpdate.NONE.withPaused(action.equals("pause")));
    }
    return PageReply.redirect(call.url(SECTION))
        .withNotice("The work queue '" + name + "' was changed.");
  }
}
