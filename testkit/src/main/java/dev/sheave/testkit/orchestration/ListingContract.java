package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentApi.DeploymentSort;
import dev.sheave.api.DeploymentApi.FlowSort;
import dev.sheave.api.DeploymentFilter;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowFilter;
import dev.sheave.api.FlowRecord;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunApi.LogSort;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.HistoryInterval;
import dev.sheave.api.LogFilter;
import dev.sheave.api.LogLevel;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.NewTaskRun;
import dev.sheave.api.Operator;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.api.TagMatch;
import dev.sheave.api.TaskRunFilter;
import dev.sheave.api.TimeMatch;
import dev.sheave.api.WorkPoolFilter;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of filters, orders, pages, counts and histories. */
public abstract class ListingContract extends OrchestrationContract {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private UUID parent;
  private DeploymentRecord log;
  private DeploymentRecord other;

  /** Tagged "a" and "b", due at noon, of {@link #log}; Running. */
  private FlowRunRecord marvin;

  /** Tagged "b", due an hour later, of {@link #other}; Scheduled. */
  private FlowRunRecord arthur;

  /** Without a deployment, queue or tags; Completed. */
  private FlowRunRecord ford;

  /** For the test of an implementation. */
  protected ListingContract() {}

  private FlowRunApi runs() {
    return api().flowRuns();
  }

  private DeploymentApi deployments() {
    return api().deployments();
  }

  @BeforeEach
  final void threeRuns() {
    log = deployment("log-flow", "log-flow-s3");
    other =
        deployments()
            .applyDeployment(
                spec("other-flow", "nightly").toBuilder()
                    .workQueueName("night")
                    .tags(List.of("b"))
                    .isScheduleActive(false)
                    .build())
            .deployment();
    marvin =
        runs()
            .createFlowRun(
                log.id(),
                NewFlowRun.at(NOON).toBuilder()
                    .name("sad-Marvin")
                    .tags(List.of("a", "b"))
                    .idempotencyKey("k1")
                    .flowVersion("v1")
                    .build());
    marvin = take(marvin, StateType.PENDING, StateType.RUNNING);
    parent =
        api()
            .taskRuns()
            .findOrCreateTaskRun(
                NewTaskRun.builder(State.of(StateType.PENDING), marvin.id(), "call", "0").build())
            .record()
            .id();
    arthur =
        runs()
            .createFlowRun(
                other.id(),
                NewFlowRun.at(NOON.plus(Duration.ofHours(1))).toBuilder()
                    .name("arthur_100%")
                    .parentTaskRunId(parent)
                    .flowVersion("v2")
                    .build());
    ford =
        runs()
            .createFlowRunOfFlow(
                log.spec().flowId(),
                NewFlowRun.builder(State.of(StateType.PENDING)).name("ford").build());
    ford = take(ford, StateType.RUNNING, StateType.COMPLETED);
  }

  private List<UUID> found(UnaryOperator<FlowRunFilter.Builder> filter) {
    return found(RecordFilter.of(filter.apply(FlowRunFilter.ALL.toBuilder()).build()));
  }

  /** The runs that match, the oldest last; they are counted as they are listed. */
  private List<UUID> found(RecordFilter filter) {
    List<UUID> found =
        runs().listFlowRuns(filter, FlowRunSort.CREATED_DESC, Page.FIRST).stream()
            .map(FlowRunRecord::id)
            .toList();
    assertThat(runs().countFlowRuns(filter)).isEqualTo(found.size());
    return found;
  }

  @Test
  void runsAreFoundByWhatTheyAre() {
    assertThat(found(all -> all)).containsExactly(ford.id(), arthur.id(), marvin.id());
    assertThat(found(runs -> runs.id(FieldMatch.anyOf(Set.of(ford.id(), marvin.id())))))
        .containsExactly(ford.id(), marvin.id());
    assertThat(found(runs -> runs.id(FieldMatch.noneOf(Set.of(ford.id())))))
        .containsExactly(arthur.id(), marvin.id());
    assertThat(found(runs -> runs.name(FieldMatch.anyOf(Set.of("ford")))))
        .containsExactly(ford.id());
    assertThat(found(runs -> runs.flowVersion(FieldMatch.anyOf(Set.of("v1", "v2")))))
        .containsExactly(arthur.id(), marvin.id());
    assertThat(found(runs -> runs.idempotencyKey(FieldMatch.anyOf(Set.of("k1")))))
        .containsExactly(marvin.id());
    assertThat(found(runs -> runs.idempotencyKey(FieldMatch.noneOf(Set.of("k1")))))
        .containsExactly(ford.id(), arthur.id());
    assertThat(found(runs -> runs.parentTaskRunId(FieldMatch.anyOf(Set.of(parent)))))
        .containsExactly(arthur.id());
    assertThat(found(runs -> runs.parentTaskRunId(FieldMatch.isNull(true))))
        .containsExactly(ford.id(), marvin.id());
  }

  /** A part of a name is a part of it, not a pattern. */
  @Test
  void runsAreFoundByAPartOfTheirName() {
    assertThat(found(runs -> runs.name(FieldMatch.like("marvin")))).containsExactly(marvin.id());
    assertThat(found(runs -> runs.name(FieldMatch.like("_100%")))).containsExactly(arthur.id());
    assertThat(found(runs -> runs.name(FieldMatch.like("%")))).containsExactly(arthur.id());
    assertThat(found(runs -> runs.name(FieldMatch.like("d_")))).isEmpty();
    assertThat(found(runs -> runs.name(FieldMatch.startsWith(List.of("for", "arth")))))
        .containsExactly(ford.id(), arthur.id());
  }

  @Test
  void nothingIsAmongNothing() {
    assertThat(found(runs -> runs.id(FieldMatch.anyOf(Set.of())))).isEmpty();
    assertThat(found(runs -> runs.name(FieldMatch.startsWith(Set.of()))))
        .isEqualTo(found(runs -> runs));
    assertThat(found(runs -> runs.id(FieldMatch.noneOf(Set.of())))).hasSize(3);
  }

  @Test
  void runsAreFoundByTheirTags() {
    assertThat(found(runs -> runs.tags(TagMatch.all(List.of("b")))))
        .containsExactly(arthur.id(), marvin.id());
    assertThat(found(runs -> runs.tags(TagMatch.all(List.of("a", "b")))))
        .containsExactly(marvin.id());
    assertThat(found(runs -> runs.tags(TagMatch.isNull(true)))).containsExactly(ford.id());
    assertThat(found(runs -> runs.tags(TagMatch.isNull(false))))
        .containsExactly(arthur.id(), marvin.id());
    assertThat(found(runs -> runs.tags(new TagMatch(Operator.OR, Set.of("a"), true))))
        .containsExactly(ford.id(), marvin.id());
  }

  @Test
  void runsAreFoundByTheirTimes() {
    assertThat(found(runs -> runs.expectedStartTime(TimeMatch.before(NOON))))
        .containsExactly(marvin.id());
    assertThat(
            found(
                runs ->
                    runs.expectedStartTime(
                        TimeMatch.between(NOON, NOON.plus(Duration.ofHours(1))))))
        .containsExactly(arthur.id(), marvin.id());
    assertThat(
            found(
                runs ->
                    runs.nextScheduledStartTime(TimeMatch.after(NOON.plus(Duration.ofHours(1))))))
        .containsExactly(arthur.id());
    assertThat(found(runs -> runs.startTime(TimeMatch.isNull(true)))).containsExactly(arthur.id());
    assertThat(found(runs -> runs.startTime(TimeMatch.isNull(false))))
        .containsExactly(ford.id(), marvin.id());
  }

  @Test
  void runsAreFoundByTheirEnd() {
    assertThat(found(runs -> runs.endTime(TimeMatch.isNull(false)))).containsExactly(ford.id());
  }

  @Test
  void runsAreFoundByTheirStates() {
    assertThat(found(RecordFilter.of(FlowRunFilter.ALL.withStateTypes(Set.of(StateType.RUNNING)))))
        .containsExactly(marvin.id());
    assertThat(
            found(
                RecordFilter.of(
                    FlowRunFilter.ALL.withStateNames(Set.of("Scheduled", "Completed")))))
        .containsExactly(ford.id(), arthur.id());
    assertThat(
            found(
                RecordFilter.of(
                    FlowRunFilter.ALL
                        .withStateTypes(Set.of(StateType.RUNNING))
                        .withStateNames(Set.of("Completed")))))
        .isEmpty();
  }

  @Test
  void runsAreFoundByWhatTheyBelongTo() {
    assertThat(found(RecordFilter.ALL.withFlowNames(Set.of("log-flow"))))
        .containsExactly(ford.id(), marvin.id());
    assertThat(found(runs -> runs.deploymentId(FieldMatch.anyOf(Set.of(other.id())))))
        .containsExactly(arthur.id());
    assertThat(found(runs -> runs.deploymentId(FieldMatch.isNull(true))))
        .containsExactly(ford.id());
    assertThat(
            found(
                runs ->
                    runs.deploymentId(
                        new FieldMatch<>(Operator.OR, Set.of(other.id()), null, null, null, true))))
        .containsExactly(ford.id(), arthur.id());
    assertThat(found(runs -> runs.workQueueName(FieldMatch.anyOf(Set.of("night")))))
        .containsExactly(arthur.id());
    assertThat(found(runs -> runs.workQueueName(FieldMatch.isNull(true))))
        .containsExactly(ford.id());
    assertThat(
            found(
                RecordFilter.builder()
                    .workQueues(
                        WorkQueueFilter.ALL.toBuilder()
                            .name(FieldMatch.startsWith(Set.of("te")))
                            .build())
                    .workPools(
                        WorkPoolFilter.ALL.toBuilder()
                            .name(FieldMatch.anyOf(Set.of(WorkQueueApi.DEFAULT_POOL)))
                            .build())
                    .build()))
        .containsExactly(marvin.id());
    assertThat(
            found(
                RecordFilter.builder()
                    .deployments(
                        DeploymentFilter.ALL.toBuilder().name(FieldMatch.like("NIGHT")).build())
                    .build()))
        .containsExactly(arthur.id());
  }

  @Test
  void runsAreFoundByTheirTaskRuns() {
    api()
        .taskRuns()
        .findOrCreateTaskRun(
            NewTaskRun.builder(State.of(StateType.PENDING), ford.id(), "extract", "0").build());

    assertThat(
            found(
                RecordFilter.builder()
                    .taskRuns(
                        TaskRunFilter.ALL.toBuilder().name(FieldMatch.like("extract")).build())
                    .build()))
        .containsExactly(ford.id());
  }

  @Test
  void oneConditionOfSeveralIsEnoughIfItIsWanted() {
    assertThat(
            found(
                runs ->
                    runs.operator(Operator.OR)
                        .name(FieldMatch.like("ford"))
                        .tags(TagMatch.all(List.of("a")))))
        .containsExactly(ford.id(), marvin.id());
  }

  @ParameterizedTest
  @EnumSource(FlowRunSort.class)
  void everyOrderHasPagesThatTogetherAreTheListing(FlowRunSort sort) {
    List<FlowRunRecord> all = runs().listFlowRuns(RecordFilter.ALL, sort, Page.FIRST);
    List<FlowRunRecord> byOffset = new ArrayList<>();
    List<FlowRunRecord> byKey = new ArrayList<>();
    for (Page page = Page.first(1); byOffset.size() < 3; page = page.next()) {
      byOffset.addAll(runs().listFlowRuns(RecordFilter.ALL, sort, page));
    }
    for (Page page = Page.first(1);
        byKey.size() < 3;
        page = page.after(byKey.get(byKey.size() - 1).id())) {
      byKey.addAll(runs().listFlowRuns(RecordFilter.ALL, sort, page));
    }

    assertThat(all).hasSize(3).doesNotHaveDuplicates();
    assertThat(byOffset).isEqualTo(all);
    assertThat(byKey).isEqualTo(all);
    assertThat(runs().listFlowRuns(RecordFilter.ALL, sort, Page.FIRST.after(all.get(2).id())))
        .isEmpty();
  }

  @Test
  void runsAreListedInTheProtocolsOrders() {
    assertThat(sorted(FlowRunSort.EXPECTED_START_TIME_ASC).get(0)).isEqualTo(marvin.id());
    assertThat(sorted(FlowRunSort.NAME_ASC)).containsExactly(arthur.id(), ford.id(), marvin.id());
    assertThat(sorted(FlowRunSort.NAME_DESC)).containsExactly(marvin.id(), ford.id(), arthur.id());
    assertThat(sorted(FlowRunSort.END_TIME_DESC).get(0)).isEqualTo(ford.id());
    assertThat(sorted(FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC).get(0)).isEqualTo(arthur.id());
    assertThat(sorted(FlowRunSort.START_TIME_ASC))
        .containsExactlyElementsOf(reversed(sorted(FlowRunSort.START_TIME_DESC)));
  }

  private List<UUID> sorted(FlowRunSort sort) {
    return runs().listFlowRuns(RecordFilter.ALL, sort, Page.FIRST).stream()
        .map(FlowRunRecord::id)
        .toList();
  }

  private static <T> List<T> reversed(List<T> list) {
    List<T> reversed = new ArrayList<>(list);
    Collections.reverse(reversed);
    return reversed;
  }

  /** Runs that come while the pages are read don't shift them. */
  @Test
  void pagesAfterARunDontMissOne() {
    List<FlowRunRecord> first =
        runs().listFlowRuns(RecordFilter.ALL, FlowRunSort.CREATED_DESC, Page.first(2));
    runs().createFlowRun(log.id(), NewFlowRun.at(NOON));

    assertThat(
            runs()
                .listFlowRuns(
                    RecordFilter.ALL,
                    FlowRunSort.CREATED_DESC,
                    Page.first(2).after(first.get(1).id())))
        .extracting(FlowRunRecord::id)
        .containsExactly(marvin.id());
    assertRefused(
        Code.NOT_FOUND,
        () ->
            runs()
                .listFlowRuns(
                    RecordFilter.ALL,
                    FlowRunSort.CREATED_DESC,
                    Page.FIRST.after(UUID.randomUUID())));
  }

  @Test
  void aHistoryCountsRunsByTheTimeTheyWereDue() {
    List<HistoryInterval> history =
        runs()
            .flowRunHistory(
                RecordFilter.ALL,
                NOON.minus(Duration.ofMinutes(30)),
                NOON.plus(Duration.ofMinutes(90)),
                Duration.ofHours(1));

    assertThat(history).hasSize(2);
    assertThat(history.get(0).start()).isEqualTo(NOON.minus(Duration.ofMinutes(30)));
    assertThat(history.get(0).end()).isEqualTo(history.get(1).start());
    assertThat(history.get(0).states())
        .singleElement()
        .satisfies(
            count -> {
              assertThat(count.type()).isEqualTo(StateType.RUNNING);
              assertThat(count.name()).isEqualTo("Running");
              assertThat(count.count()).isEqualTo(1);
              assertThat(count.runTime()).isPositive();
              assertThat(count.lateness())
                  .isEqualTo(
                      Duration.between(NOON, marvin.startTime()).isNegative()
                          ? Duration.ZERO
                          : Duration.between(NOON, marvin.startTime()));
            });
    assertThat(history.get(1).states())
        .singleElement()
        .satisfies(count -> assertThat(count.type()).isEqualTo(StateType.SCHEDULED));
    assertThat(
            runs()
                .flowRunHistory(
                    RecordFilter.ALL.withFlowNames(Set.of("no-flow")),
                    NOON,
                    NOON.plusSeconds(1),
                    Duration.ofSeconds(1)))
        .containsExactly(new HistoryInterval(NOON, NOON.plusSeconds(1), List.of()));
  }

  @Test
  void aHistoryHasBounds() {
    assertRefused(
        Code.INVALID,
        () -> runs().flowRunHistory(RecordFilter.ALL, NOON, NOON, Duration.ofHours(1)));
    assertRefused(
        Code.INVALID,
        () ->
            runs()
                .flowRunHistory(
                    RecordFilter.ALL, NOON, NOON.plusSeconds(9), Duration.ofMillis(10)));
    assertRefused(
        Code.INVALID,
        () ->
            runs()
                .flowRunHistory(
                    RecordFilter.ALL,
                    NOON,
                    NOON.plus(Duration.ofDays(365)),
                    Duration.ofSeconds(1)));
  }

  @Test
  void aStateIsReadById() {
    assertThat(runs().readFlowRunState(ford.state().id())).isEqualTo(ford.state());
    assertRefused(Code.NOT_FOUND, () -> runs().readFlowRunState(UUID.randomUUID()));
  }

  @Test
  void flowsAreFoundByWhatTheyAreAndHave() {
    FlowRecord empty = deployments().findOrCreateFlow("empty", List.of("a", "x")).record();

    assertThat(flows(RecordFilter.ALL, FlowSort.NAME_ASC))
        .containsExactly("empty", "log-flow", "other-flow");
    assertThat(
            flows(
                RecordFilter.builder()
                    .flows(FlowFilter.ALL.toBuilder().tags(TagMatch.all(List.of("x"))).build())
                    .build(),
                FlowSort.CREATED_DESC))
        .containsExactly("empty");
    assertThat(
            flows(
                RecordFilter.of(FlowRunFilter.ALL.withStateTypes(Set.of(StateType.RUNNING))),
                FlowSort.CREATED_DESC))
        .containsExactly("log-flow");
    assertThat(
            flows(
                RecordFilter.builder()
                    .deployments(DeploymentFilter.ALL.toBuilder().isScheduleActive(false).build())
                    .build(),
                FlowSort.CREATED_DESC))
        .containsExactly("other-flow");

    deployments().updateFlow(empty.id(), List.of("y"));

    FlowRecord updated = deployments().readFlow(empty.id());
    assertThat(updated.tags()).containsExactly("y");
    assertThat(updated.updated()).isAfter(empty.updated());
    assertThat(flows(RecordFilter.ALL, FlowSort.UPDATED_DESC).get(0)).isEqualTo("empty");
  }

  private List<String> flows(RecordFilter filter, FlowSort sort) {
    List<String> names =
        deployments().listFlows(filter, sort, Page.FIRST).stream().map(FlowRecord::name).toList();
    assertThat(deployments().countFlows(filter)).isEqualTo(names.size());
    return names;
  }

  @Test
  void aFlowIsDeletedWithItsDeploymentsAndRuns() {
    deployments().deleteFlow(log.spec().flowId());

    assertThat(deployments().findFlow("log-flow")).isEmpty();
    assertThat(deployments().findDeployment("log-flow", "log-flow-s3")).isEmpty();
    assertThat(found(RecordFilter.ALL)).containsExactly(arthur.id());
    assertRefused(Code.NOT_FOUND, () -> deployments().deleteFlow(log.spec().flowId()));
  }

  @Test
  void aFlowThatExistsIsFoundAsItIs() {
    var made = deployments().findOrCreateFlow("new-flow", List.of("a"));
    var found = deployments().findOrCreateFlow("new-flow", List.of("b"));

    assertThat(made.isNew()).isTrue();
    assertThat(found.isNew()).isFalse();
    assertThat(found.record()).isEqualTo(made.record());
  }

  @Test
  void aRunOfAKeyIsFoundAsItIs() {
    NewFlowRun wanted = NewFlowRun.at(NOON).toBuilder().idempotencyKey("k9").build();
    var made = runs().findOrCreateFlowRun(log.id(), wanted);
    var found = runs().findOrCreateFlowRun(log.id(), wanted);

    assertThat(made.isNew()).isTrue();
    assertThat(found.isNew()).isFalse();
    assertThat(found.record()).isEqualTo(made.record());
  }

  @Test
  void deploymentsAreFoundByWhatTheyAreAndHave() {
    assertThat(named(RecordFilter.ALL, DeploymentSort.NAME_DESC))
        .containsExactly("nightly", "log-flow-s3");
    assertThat(
            named(
                RecordFilter.builder()
                    .deployments(
                        DeploymentFilter.ALL.toBuilder()
                            .workQueueName(FieldMatch.anyOf(Set.of("night")))
                            .tags(TagMatch.all(List.of("b")))
                            .build())
                    .build(),
                DeploymentSort.NAME_ASC))
        .containsExactly("nightly");
    assertThat(
            named(
                RecordFilter.of(FlowRunFilter.ALL.withStateTypes(Set.of(StateType.RUNNING))),
                DeploymentSort.NAME_ASC))
        .containsExactly("log-flow-s3");
    assertThat(named(RecordFilter.ALL.withFlowNames(Set.of("other-flow")), DeploymentSort.NAME_ASC))
        .containsExactly("nightly");
    assertThat(
            deployments()
                .listDeployments(
                    RecordFilter.ALL, DeploymentSort.NAME_ASC, Page.FIRST.after(log.id())))
        .extracting(DeploymentRecord::id)
        .containsExactly(other.id());
  }

  private List<String> named(RecordFilter filter, DeploymentSort sort) {
    List<String> names =
        deployments().listDeployments(filter, sort, Page.FIRST).stream()
            .map(each -> each.spec().name())
            .toList();
    assertThat(deployments().countDeployments(filter)).isEqualTo(names.size());
    return names;
  }

  private static NewLogLine line(FlowRunRecord run, int level, String message, int second) {
    return new NewLogLine(run.id(), "sheave.flow", level, message, NOON.plusSeconds(second));
  }

  @Test
  void logLinesAreFoundByLevelTimeAndRun() {
    runs()
        .createLogs(
            List.of(
                line(marvin, LogLevel.INFO, "later", 9),
                line(marvin, LogLevel.ERROR, "sooner", 1),
                line(ford, LogLevel.WARNING, "of ford", 5)));

    assertThat(lines(LogFilter.ALL, LogSort.TIMESTAMP_ASC))
        .containsExactly("sooner", "of ford", "later");
    assertThat(lines(LogFilter.ALL, LogSort.TIMESTAMP_DESC))
        .containsExactly("later", "of ford", "sooner");
    assertThat(lines(LogFilter.ofFlowRun(marvin.id()), LogSort.TIMESTAMP_ASC))
        .containsExactly("sooner", "later");
    assertThat(
            lines(
                LogFilter.ALL.toBuilder().minLevel(LogLevel.WARNING).build(),
                LogSort.TIMESTAMP_ASC))
        .containsExactly("sooner", "of ford");
    assertThat(
            lines(
                LogFilter.ALL.toBuilder()
                    .maxLevel(LogLevel.WARNING)
                    .timestamp(TimeMatch.after(NOON.plusSeconds(5)))
                    .build(),
                LogSort.TIMESTAMP_ASC))
        .containsExactly("of ford", "later");
    List<LogLine> first = runs().listLogs(LogFilter.ALL, LogSort.TIMESTAMP_ASC, Page.first(1));
    assertThat(
            runs()
                .listLogs(
                    LogFilter.ALL, LogSort.TIMESTAMP_ASC, Page.FIRST.after(first.get(0).id())))
        .extracting(line -> line.line().message())
        .containsExactly("of ford", "later");
  }

  @Test
  void logLinesAreFoundByWhatTheySayAndInTheOrderInWhichTheyWereRecorded() {
    runs()
        .createLogs(
            List.of(
                line(marvin, LogLevel.INFO, "Disk is 100% full", 9),
                line(marvin, LogLevel.ERROR, "disk failed", 1),
                line(ford, LogLevel.WARNING, "the disk of ford", 5),
                line(marvin, LogLevel.INFO, "goodbye", 2)));

    LogFilter ofMarvin = LogFilter.ofFlowRun(marvin.id());
    assertThat(lines(ofMarvin, LogSort.RECORDED_ASC))
        .containsExactly("Disk is 100% full", "disk failed", "goodbye");
    assertThat(
            lines(
                ofMarvin.toBuilder().message(FieldMatch.like("DISK")).build(),
                LogSort.RECORDED_DESC))
        .containsExactly("disk failed", "Disk is 100% full");
    assertThat(
            lines(
                ofMarvin.toBuilder().message(FieldMatch.like("0% f")).build(),
                LogSort.RECORDED_ASC))
        .containsExactly("Disk is 100% full");
    List<LogLine> last = runs().listLogs(ofMarvin, LogSort.RECORDED_DESC, Page.first(1));
    assertThat(runs().listLogs(ofMarvin, LogSort.RECORDED_DESC, Page.FIRST.after(last.get(0).id())))
        .extracting(line -> line.line().message())
        .containsExactly("disk failed", "Disk is 100% full");
    assertThat(runs().listLogs(ofMarvin, LogSort.RECORDED_ASC, Page.FIRST.after(last.get(0).id())))
        .isEmpty();
  }

  private List<String> lines(LogFilter filter, LogSort sort) {
    return runs().listLogs(filter, sort, Page.FIRST).stream()
        .map(line -> line.line().message())
        .toList();
  }
}
