package dev.sheave.server.internal.pages;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.DeploymentFilter;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowFilter;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.api.TagMatch;
import dev.sheave.api.TaskRunApi.TaskRunSort;
import dev.sheave.api.TaskRunRecord;
import dev.sheave.api.TimeMatch;
import dev.sheave.deployment.FlowRunHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The pages of flow runs. */
final class RunPages {
  private static final String SECTION = "/runs";
  private static final int ROWS = 50;

  /** What can be tried once more. */
  private static final Set<StateType> BROKEN =
      Set.of(StateType.FAILED, StateType.CRASHED, StateType.CANCELLED);

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
        .run("/runs/{id}/retry", pages::retry)
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

    /** Whether runs in one of several states are shown. */
    boolean hasSeveralStates() {
      return states(filters).size() > 1;
    }

    /** Whether only runs that started in a stretch of time are shown. */
    boolean isZoomed() {
      return filters.time("from") != null || filters.time("to") != null;
    }

    String unzoomed() {
      return filters.without("from", "to").queryWith("page", "");
    }

    boolean hasNext() {
      return (page + 1) * ROWS < total;
    }
  }

  private PageReply list(PageCall call) {
    FormValues query = call.query();
    RecordFilter others = filter(query);
    Set<StateType> picked = states(query);
    RecordFilter filter = picked.isEmpty() ? others : withStates(others, picked);
    int page = query.page(ROWS);
    Map<StateType, Integer> counts = new LinkedHashMap<>();
    for (StateType type : StateType.values()) {
      int count = api.countFlowRuns(withStates(others, Set.of(type)));
      if (count > 0 || picked.contains(type)) {
        counts.put(type, count);
      }
    }
    int total =
        counts.entrySet().stream()
            .filter(entry -> picked.isEmpty() || picked.contains(entry.getKey()))
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

  /** The states that the address names, separated by commas; none for all. */
  private static Set<StateType> states(FormValues query) {
    return Arrays.stream(query.text("state").split(","))
        .filter(name -> !name.isEmpty())
        .map(RunPages::state)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(StateType.class)));
  }

  private static StateType state(String name) {
    List<StateType> all = List.of(StateType.values());
    return all.stream()
        .filter(type -> type.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.INVALID,
                    "There is no state '"
                        + name
                        + "'; name some of "
                        + all.stream().map(Enum::name).collect(Collectors.joining(", "))
                        + "."));
  }

  private static RecordFilter withStates(RecordFilter filter, Set<StateType> types) {
    return filter.toBuilder().flowRuns(filter.flowRuns().withStateTypes(types)).build();
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
      TimeMatch time = TimeMatch.after(Instant.now().minus(period));
      switch (query.text("by")) {
        case "start" -> runs.startTime(time);
        case "end" -> runs.endTime(time);
        default -> runs.expectedStartTime(time);
      }
    }
    if (query.time("from") != null || query.time("to") != null) {
      runs.startTime(new TimeMatch(query.time("to"), query.time("from"), null));
    }
    RecordFilter.Builder all = RecordFilter.builder().flowRuns(runs.build());
    if (!query.text("deployment").isEmpty()) {
      all.deployments(
          DeploymentFilter.builder().name(FieldMatch.like(query.text("deployment"))).build());
    }
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
   * @param parent the run that started it, if one did
   * @param children the runs that it started
   * @param log the lines of its log
   * @param waitReason why it waits; empty if it doesn't
   */
  record Details(
      FlowRunRecord run,
      @Nullable DeploymentRecord deployment,
      @Nullable BlockDocumentRecord infrastructure,
      List<State> states,
      List<TaskRunRecord> tasks,
      @Nullable FlowRunRecord parent,
      List<FlowRunRecord> children,
      RunLog log,
      String waitReason) {

    boolean isOver() {
      return run.state().isTerminal();
    }

    /** Whether the same run can be tried once more. */
    boolean canRetry() {
      return deployment != null && BROKEN.contains(run.state().type());
    }

    Duration runTime() {
      return run.estimatedRunTime(Instant.now());
    }
  }

  private PageReply details(PageCall call) {
    FlowRunRecord run = api.readFlowRun(call.id());
    List<TaskRunRecord> tasks =
        sheave
            .api()
            .taskRuns()
            .listTaskRuns(
                RecordFilter.of(FlowRunFilter.ALL.withIds(Set.of(run.id()))),
                TaskRunSort.EXPECTED_START_TIME_ASC,
                Page.FIRST);
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
            tasks,
            orNull(() -> parent(run)),
            children(tasks),
            RunLog.of(api, run.id(), call.query()),
            waitReason(run)));
  }

  private @Nullable FlowRunRecord parent(FlowRunRecord run) {
    UUID task = run.parentTaskRunId();
    return task == null
        ? null
        : api.readFlowRun(sheave.api().taskRuns().readTaskRun(task).flowRunId());
  }

  private List<FlowRunRecord> children(List<TaskRunRecord> tasks) {
    if (tasks.isEmpty()) {
      return List.of();
    }
    return api.listFlowRuns(
        FlowRunFilter.builder()
            .parentTaskRunId(FieldMatch.anyOf(tasks.stream().map(TaskRunRecord::id).toList()))
            .build(),
        FlowRunSort.START_TIME_ASC,
        Page.FIRST);
  }

  /** What may have been deleted since. */
  private static <T> @Nullable T orNull(Supplier<@Nullable T> reading) {
    try {
      return reading.get();
    } catch (SheaveException e) {
      if (e.code() == Code.NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  /** Says in a sentence why a run waits. */
  private String waitReason(FlowRunRecord run) {
    return switch (run.state().type()) {
      case CANCELLING -> "Its agent is about to end it.";
      case SCHEDULED ->
          api.readWaitReason(run.id()).orElse("It waits for an agent, which takes it in a moment.");
      default -> "";
    };
  }

  private PageReply download(PageCall call) {
    FlowRunRecord run = api.readFlowRun(call.id());
    return PageReply.download(
        run.name().replaceAll("[^A-Za-z0-9._-]+", "-") + ".log",
        out -> RunLog.write(api, run.id(), out));
  }

  private PageReply cancel(PageCall call) {
    FlowRunRecord run = api.readFlowRun(call.id());
    State state = new FlowRunHandle(api, run).cancel();
    return PageReply.redirect(call.url("/runs/" + run.id()))
        .withNotice(state.isTerminal() ? "The run was cancelled." : "The run is being cancelled.");
  }

  /** Schedules the same run once more, with its code, parameters and log. */
  private PageReply retry(PageCall call) {
    FlowRunRecord run = api.readFlowRun(call.id());
    StateTransition answer =
        api.setFlowRunState(
            run.id(),
            State.of(StateType.SCHEDULED, "AwaitingRetry", "Tried again by hand.")
                .withDetails(StateDetails.scheduledAt(Instant.now())),
            false);
    if (!answer.isAccepted()) {
      throw new SheaveException(
          Code.CONFLICT, "The run '" + run.name() + "' can't be tried again: " + answer.reason());
    }
    return PageReply.redirect(call.url("/runs/" + run.id()))
        .withNotice("The run waits to be tried again.");
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
