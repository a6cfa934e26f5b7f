package dev.sheave.server.internal.pages;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowFilter;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunApi.LogSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.LogFilter;
import dev.sheave.api.LogLevel;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.api.TagMatch;
import dev.sheave.api.TaskRunApi.TaskRunSort;
import dev.sheave.api.TaskRunRecord;
import dev.sheave.api.TimeMatch;
import dev.sheave.api.WorkPoolRecord;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.WorkQueueStatus;
import dev.sheave.deployment.FlowRunHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pages of flow runs. */
final class RunPages {
  private static final String SECTION = "/runs";
  private static final int ROWS = 50;

  /** How many lines of a log a page has. */
  private static final int LINES = 1000;

  /** How far back a list goes, by what the address says. */
  private static final Map<String, Duration> PERIODS = periods();

  private final Sheave sheave;
  private final FlowRunApi api;
  private final Views views;

  private RunPages(Sheave sheave, Views views) {
    this.sheave = sheave;
    this.api = sheave.api().flowRuns();
    this.views = views;
  }

  static void add(PageRoutes routes, Sheave sheave, Views views) {
    RunPages pages = new RunPages(sheave, views);
    routes
        .get("/runs", pages::list)
        .get("/runs/{id}", pages::details)
        .get("/runs/{id}/log", pages::download)
        .run("/runs/{id}/cancel", pages::cancel)
        .get("/runs/{id}/delete", pages::askDelete)
        .post("/runs/{id}/delete", pages::delete);
  }

  private static Map<String, Duration> periods() {
    Map<String, Duration> periods = new LinkedHashMap<>();
    periods.put("15m", Duration.ofMinutes(15));
    periods.put("1h", Duration.ofHours(1));
    periods.put("24h", Duration.ofHours(24));
    periods.put("7d", Duration.ofDays(7));
    periods.put("30d", Duration.ofDays(30));
    periods.put("1y", Duration.ofDays(365));
    return periods;
  }

  /**
   * The list of runs.
   *
   * @param runs one page of those that match
   * @param counts how many match in each state
   * @param total how many match
   * @param filters the filters of the address
   * @param page the number of the page, from 0
   * @param isEmpty whether there are no runs at all
   * @param plot when the listed runs started and how long they took; null if few have
   */
  record Listed(
      List<FlowRunRecord> runs,
      Map<StateType, Integer> counts,
      int total,
      FormValues filters,
      int page,
      boolean isEmpty,
      @Nullable RunPlot plot) {

    static Set<String> periods() {
      return PERIODS.keySet();
    }

    boolean isPicked(StateType type) {
      return filters.text("state").equals(type.name());
    }

    boolean hasNext() {
      return (page + 1) * ROWS < total;
    }
  }

  private PageReply list(PageCall call) {
    FormValues query = call.query();
    RecordFilter others = filter(query);
    RecordFilter filter = withState(others, query.text("state"));
    int page = query.number("page", 0);
    Map<StateType, Integer> counts = new LinkedHashMap<>();
    for (StateType type : StateType.values()) {
      int count = api.countFlowRuns(withState(others, type.name()));
      if (count > 0 || type.name().equals(query.text("state"))) {
        counts.put(type, count);
      }
    }
    int total =
        counts.entrySet().stream()
            .filter(
                entry ->
                    query.text("state").isEmpty()
                        || entry.getKey().name().equals(query.text("state")))
            .mapToInt(Map.Entry::getValue)
            .sum();
    List<FlowRunRecord> runs =
        api.listFlowRuns(filter, FlowRunSort.START_TIME_DESC, new Page(ROWS, page * ROWS));
    boolean isEmpty =
        total == 0
            && counts.values().stream().allMatch(count -> count == 0)
            && api.countFlowRuns(RecordFilter.ALL) == 0;
    return views.page(
        call,
        "Flow runs",
        SECTION,
        "runs",
        new Listed(runs, counts, total, query, page, isEmpty, RunPlot.of(runs, Instant.now())));
  }

  private static RecordFilter withState(RecordFilter filter, String name) {
    for (StateType type : StateType.values()) {
      if (type.name().equals(name)) {
        return filter.toBuilder().flowRuns(filter.flowRuns().withStateTypes(Set.of(type))).build();
      }
    }
    return filter;
  }

  private static RecordFilter filter(FormValues query) {
    FlowRunFilter.Builder runs = FlowRunFilter.builder();
    if (!query.text("q").isEmpty()) {
      runs.name(FieldMatch.like(query.text("q")));
    }
    if (!query.text("tag").isEmpty()) {
      runs.tags(TagMatch.all(List.of(query.text("tag"))));
    }
    if (!query.text("queue").isEmpty()) {
      runs.workQueueName(FieldMatch.anyOf(Set.of(query.text("queue"))));
    }
    Duration period = PERIODS.get(query.text("period"));
    if (period != null) {
      runs.expectedStartTime(TimeMatch.after(Instant.now().minus(period)));
    }
    RecordFilter.Builder all = RecordFilter.builder().flowRuns(runs.build());
    if (!query.text("flow").isEmpty()) {
      all.flows(FlowFilter.builder().name(FieldMatch.like(query.text("flow"))).build());
    }
    return all.build();
  }

  /**
   * The page of a run.
   *
   * @param run the run
   * @param deployment its deployment, if it has one that still exists
   * @param infrastructure the block that says where it executes, if any
   * @param states the states it was in, oldest first
   * @param tasks its task runs
   * @param lines the lines of its log
   * @param older the number of the page with earlier lines; 0 if there are none
   * @param logPage which page of the log is shown; 0 for the last
   * @param waitReason why it waits; empty if it doesn't
   */
  record Details(
      FlowRunRecord run,
      @Nullable DeploymentRecord deployment,
      @Nullable BlockDocumentRecord infrastructure,
      List<State> states,
      List<TaskRunRecord> tasks,
      List<LogLine> lines,
      int older,
      int logPage,
      String waitReason) {

    boolean isOver() {
      return run.state().isTerminal();
    }

    static String level(LogLine line) {
      return LogLevel.nameOf(line.line().level());
    }

    Duration runTime() {
      return run.estimatedRunTime(Instant.now());
    }
  }

  private PageReply details(PageCall call) {
    FlowRunRecord run = api.readFlowRun(call.id());
    int logPage = call.query().number("log", 0);
    List<LogLine> lines = lines(run, logPage);
    return views.page(
        call,
        run.name(),
        SECTION,
        "run",
        new Details(
            run,
            orNull(
                () ->
                    run.deploymentId() == null
                        ? null
                        : sheave.api().deployments().readDeployment(run.deploymentId())),
            orNull(
                () ->
                    run.infrastructureDocumentId() == null
                        ? null
                        : sheave
                            .api()
                            .blocks()
                            .readBlockDocument(run.infrastructureDocumentId(), false)),
            api.listFlowRunStates(run.id()),
            sheave
                .api()
                .taskRuns()
                .listTaskRuns(
                    RecordFilter.of(FlowRunFilter.ALL.withIds(Set.of(run.id()))),
                    TaskRunSort.EXPECTED_START_TIME_ASC,
                    Page.FIRST),
            lines,
            lines.size() == LINES ? logPage + 1 : 0,
            logPage,
            waitReason(run)));
  }

  /** What may have been deleted since. */
  private static <T> @Nullable T orNull(java.util.function.Supplier<@Nullable T> reading) {
    try {
      return reading.get();
    } catch (SheaveException e) {
      if (e.code() == Code.NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  private List<LogLine> lines(FlowRunRecord run, int logPage) {
    List<LogLine> lines = new ArrayList<>();
    Page page = new Page(Page.MAX_LIMIT, Math.min(logPage, 1_000_000) * LINES);
    while (lines.size() < LINES) {
      List<LogLine> some =
          api.listLogs(LogFilter.ofFlowRun(run.id()), LogSort.TIMESTAMP_DESC, page);
      lines.addAll(some);
      if (some.size() < page.limit()) {
        break;
      }
      page = page.next();
    }
    Collections.reverse(lines);
    return lines;
  }

  /** Says in a sentence why a run waits. */
  private String waitReason(FlowRunRecord run) {
    State state = run.state();
    if (state.type() != StateType.SCHEDULED) {
      return state.type() == StateType.CANCELLING ? "Its agent is about to end it." : "";
    }
    Instant due = run.nextScheduledStartTime();
    if (due != null && due.isAfter(Instant.now())) {
      return "It is due later.";
    }
    if (run.workQueueId() == null) {
      return "It is in no work queue, so no agent takes it.";
    }
    WorkQueueRecord queue = sheave.api().workQueues().readWorkQueue(run.workQueueId());
    WorkPoolRecord pool = sheave.api().workPools().findWorkPool(queue.workPoolName()).orElse(null);
    if (queue.isPaused()) {
      return "The work queue '" + queue.name() + "' is paused.";
    }
    if (pool != null && pool.isPaused()) {
      return "The work pool '" + pool.name() + "' is paused.";
    }
    Instant polled = queue.lastPolled();
    if (polled == null || polled.plus(WorkQueueStatus.MAX_POLL_AGE).isBefore(Instant.now())) {
      return "No agent has asked the work queue '"
          + queue.name()
          + "' for runs in the last minute; start one with: sheave agent start -q "
          + queue.name();
    }
    if (queue.concurrencyLimit() != null || pool != null && pool.concurrencyLimit() != null) {
      return "It waits for an agent, or for the limit of its work queue or work pool.";
    }
    return "It waits for an agent, which takes it in a moment.";
  }

  private PageReply download(PageCall call) {
    FlowRunRecord run = api.readFlowRun(call.id());
    StringBuilder text = new StringBuilder();
    Page page = Page.FIRST;
    List<LogLine> some;
    do {
      some = api.listLogs(LogFilter.ofFlowRun(run.id()), LogSort.TIMESTAMP_ASC, page);
      for (LogLine line : some) {
        text.append(Show.iso(line.line().timestamp()))
            .append(" | ")
            .append(String.format(Locale.ROOT, "%-8s", Details.level(line)))
            .append(" | ")
            .append(line.line().message())
            .append('\n');
      }
      if (!some.isEmpty()) {
        page = page.after(some.get(some.size() - 1).id());
      }
    } while (some.size() == page.limit());
    return PageReply.download(
        run.name().replaceAll("[^A-Za-z0-9._-]+", "-") + ".log", text.toString());
  }

  private PageReply cancel(PageCall call) {
    FlowRunRecord run = api.readFlowRun(call.id());
    State state = new FlowRunHandle(api, run).cancel();
    return PageReply.redirect(call.url("/runs/" + run.id()))
        .withNotice(state.isTerminal() ? "The run was cancelled." : "The run is being cancelled.");
  }

  private PageReply askDelete(PageCall call) {
    FlowRunRecord run = api.readFlowRun(call.id());
    return views.page(
        call,
        "Delete " + run.name(),
        SECTION,
        "delete",
        new Deletion(
            run.name(),
            run.state().isTerminal()
                ? "The run is deleted with its states and its log."
                : "The run isn't over: cancel it first, or its process goes on without a record.",
            List.of(),
            "/runs/" + run.id()));
  }

  private PageReply delete(PageCall call) {
    FlowRunRecord run = api.readFlowRun(call.id());
    api.deleteFlowRun(run.id());
    return PageReply.redirect(call.url(SECTION))
        .withNotice("The run '" + run.name() + "' was deleted.");
  }
}
