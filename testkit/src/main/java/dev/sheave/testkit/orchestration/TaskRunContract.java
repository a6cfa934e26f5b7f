package dev.sheave.testkit.orchestration;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.ConcurrencyLimitApi;
import dev.sheave.api.ConcurrencyLimitRecord;
import dev.sheave.api.Created;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.NewTaskRun;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateMatch;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateTransition.Status;
import dev.sheave.api.StateType;
import dev.sheave.api.TagMatch;
import dev.sheave.api.TaskRetryPolicy;
import dev.sheave.api.TaskRunApi;
import dev.sheave.api.TaskRunApi.TaskRunSort;
import dev.sheave.api.TaskRunFilter;
import dev.sheave.api.TaskRunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of task runs, their states and their concurrency limits. */
public abstract class TaskRunContract extends OrchestrationContract {
  private FlowRunRecord flowRun;

  /** For the test of an implementation. */
  protected TaskRunContract() {}

  private TaskRunApi tasks() {
    return api().taskRuns();
  }

  private ConcurrencyLimitApi limits() {
    return api().concurrencyLimits();
  }

  @BeforeEach
  final void runningFlow() {
    flowRun = take(scheduledRun(), StateType.PENDING, StateType.RUNNING);
  }

  private NewTaskRun.Builder task(String dynamicKey) {
    return NewTaskRun.builder(State.of(StateType.PENDING), flowRun.id(), "extract", dynamicKey);
  }

  private TaskRunRecord made(NewTaskRun.Builder task) {
    return tasks().findOrCreateTaskRun(task.build()).record();
  }

  private StateTransition propose(TaskRunRecord task, State state) {
    return tasks().setTaskRunState(task.id(), state, false);
  }

  private StateTransition propose(TaskRunRecord task, StateType type) {
    return propose(task, State.of(type));
  }

  private TaskRunRecord take(TaskRunRecord task, StateType... types) {
    for (StateType type : types) {
      StateTransition transition = propose(task, type);
      assertThat(transition.status())
          .as("%s: %s", type, transition.reason())
          .isEqualTo(Status.ACCEPT);
    }
    return tasks().readTaskRun(task.id());
  }

  @Test
  void aTaskRunIsReadAsItWasCreated() {
    Instant expiration = Instant.parse("2036-01-01T00:00:00.123456Z");
    TaskRetryPolicy retries =
        new TaskRetryPolicy(
            2, List.of(Duration.ofSeconds(1), Duration.ofMillis(2500)), 0.5, json("x", 1));

    Created<TaskRunRecord> created =
        tasks()
            .findOrCreateTaskRun(
                task("0")
                    .name("extract-0")
                    .cacheKey("c")
                    .cacheExpiration(expiration)
                    .taskVersion("v1")
                    .retries(retries)
                    .tags(List.of("db"))
                    .taskInputs(
                        json("name", List.of(json("input_type", "constant", "type", "str"))))
                    .build());

    TaskRunRecord task = created.record();
    assertThat(created.isNew()).isTrue();
    assertThat(task.name()).isEqualTo("extract-0");
    assertThat(task.flowRunId()).isEqualTo(flowRun.id());
    assertThat(task.taskKey()).isEqualTo("extract");
    assertThat(task.dynamicKey()).isEqualTo("0");
    assertThat(task.cacheKey()).isEqualTo("c");
    assertThat(task.cacheExpiration()).isEqualTo(expiration);
    assertThat(task.taskVersion()).isEqualTo("v1");
    assertThat(task.retries()).isEqualTo(retries);
    assertThat(task.tags()).containsExactly("db");
    assertThat(task.taskInputs())
        .isEqualTo(json("name", List.of(json("input_type", "constant", "type", "str"))));
    assertThat(task.runCount()).isZero();
    assertThat(task.state().type()).isEqualTo(StateType.PENDING);
    assertThat(task.state().stateDetails().taskRunId()).isEqualTo(task.id());
    assertThat(task.state().stateDetails().flowRunId()).isEqualTo(flowRun.id());
    assertThat(tasks().readTaskRun(task.id())).isEqualTo(task);
    assertThat(tasks().readTaskRunState(task.state().id())).isEqualTo(task.state());
  }

  @Test
  void aTaskRunOfTheSameKeysIsTheFirstOne() {
    Created<TaskRunRecord> first = tasks().findOrCreateTaskRun(task("0").build());
    Created<TaskRunRecord> again = tasks().findOrCreateTaskRun(task("0").name("x").build());

    assertThat(again.isNew()).isFalse();
    assertThat(again.record()).isEqualTo(first.record());
    assertThat(tasks().findOrCreateTaskRun(task("1").build()).isNew()).isTrue();
    assertThat(first.record().name()).isEqualTo("extract-0");
  }

  @Test
  void aTaskRunIsOfAFlowRunThatExists() {
    UUID nothing = UUID.randomUUID();

    assertRefused(
        Code.NOT_FOUND,
        () ->
            tasks()
                .findOrCreateTaskRun(
                    NewTaskRun.builder(State.of(StateType.PENDING), nothing, "a", "0").build()));
    assertRefused(Code.NOT_FOUND, () -> tasks().readTaskRun(nothing));
    assertRefused(Code.NOT_FOUND, () -> tasks().renameTaskRun(nothing, "x"));
    assertRefused(Code.NOT_FOUND, () -> tasks().deleteTaskRun(nothing));
    assertRefused(Code.NOT_FOUND, () -> tasks().listTaskRunStates(nothing));
    assertRefused(Code.NOT_FOUND, () -> tasks().readTaskRunState(nothing));
    assertRefused(
        Code.NOT_FOUND, () -> tasks().setTaskRunState(nothing, State.of(StateType.RUNNING), false));
  }

  @Test
  void aTaskRunGoesFromStateToState() {
    TaskRunRecord task = take(made(task("0")), StateType.RUNNING);
    assertThat(task.runCount()).isEqualTo(1);
    assertThat(task.flowRunRunCount()).isEqualTo(1);
    assertThat(task.startTime()).isEqualTo(task.state().timestamp());

    TaskRunRecord done = take(task, StateType.COMPLETED);

    assertThat(done.endTime()).isEqualTo(done.state().timestamp());
    assertThat(done.totalRunTime()).isEqualTo(Duration.between(done.startTime(), done.endTime()));
    assertThat(tasks().listTaskRunStates(task.id()))
        .extracting(State::type)
        .containsExactly(StateType.PENDING, StateType.RUNNING, StateType.COMPLETED);
  }

  @Test
  void aProposalThatIsRepeatedGetsTheSameAnswer() {
    TaskRunRecord task = made(task("0").retries(new TaskRetryPolicy(1, Duration.ZERO)));
    State start = State.of(StateType.RUNNING);
    StateTransition started = tasks().setTaskRunState(task.id(), start, false);
    State failure = State.of(StateType.FAILED);
    StateTransition refused = tasks().setTaskRunState(task.id(), failure, false);

    assertThat(refused.status()).isEqualTo(Status.REJECT);
    assertThat(tasks().setTaskRunState(task.id(), failure, false)).isEqualTo(refused);
    assertThat(tasks().setTaskRunState(task.id(), start, false)).isEqualTo(started);
    assertThat(tasks().listTaskRunStates(task.id())).hasSize(3);
  }

  @Test
  void aTaskRunsOnlyWhileItsFlowDoes() {
    TaskRunRecord task = made(task("0"));
    FlowRunRecord waiting =
        api()
            .flowRuns()
            .createFlowRun(requireNonNull(flowRun.deploymentId()), NewFlowRun.now(Map.of()));
    TaskRunRecord early =
        tasks()
            .findOrCreateTaskRun(
                NewTaskRun.builder(State.of(StateType.PENDING), waiting.id(), "a", "0").build())
            .record();

    StateTransition refused = propose(early, StateType.RUNNING);

    assertThat(refused.status()).isEqualTo(Status.ABORT);
    assertThat(refused.isRecorded()).isFalse();
    assertThat(refused.reason())
        .isEqualTo("The enclosing flow must be running to begin task execution.");
    assertThat(refused.state()).isEqualTo(early.state());

    propose(flowRun, StateType.PAUSED);
    StateTransition paused = propose(task, StateType.RUNNING);
    assertThat(paused.status()).isEqualTo(Status.REJECT);
    assertThat(paused.isRecorded()).isTrue();
    assertThat(paused.state().type()).isEqualTo(StateType.PAUSED);
    assertThat(paused.state().name()).isEqualTo("NotReady");
    assertThat(tasks().readTaskRun(task.id()).state()).isEqualTo(paused.state());
  }

  @Test
  void aFailedTaskIsTriedAgainAfterItsDelays() {
    TaskRetryPolicy retries =
        new TaskRetryPolicy(2, List.of(Duration.ZERO, Duration.ofHours(1)), null, Map.of());
    TaskRunRecord task = take(made(task("0").retries(retries)), StateType.RUNNING);

    StateTransition first = propose(task, State.of(StateType.FAILED, "No luck."));
    assertThat(first.status()).isEqualTo(Status.REJECT);
    assertThat(first.state().type()).isEqualTo(StateType.SCHEDULED);
    assertThat(first.state().name()).isEqualTo("AwaitingRetry");
    assertThat(first.state().message()).isEqualTo("No luck.");

    StateTransition again = propose(task, StateType.RUNNING);
    assertThat(again.isAccepted()).isTrue();
    assertThat(again.state().name()).isEqualTo("Retrying");

    propose(task, StateType.FAILED);
    StateTransition wait = propose(task, StateType.RUNNING);
    assertThat(wait.status()).isEqualTo(Status.WAIT);
    assertThat(wait.delay()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));

    tasks().setTaskRunState(task.id(), State.of(StateType.RUNNING), true);
    assertThat(propose(task, StateType.FAILED).status()).isEqualTo(Status.ACCEPT);
  }

  @Test
  void aTaskThatSaysSoIsNotTriedAgain() {
    TaskRunRecord task =
        take(made(task("0").retries(new TaskRetryPolicy(2, Duration.ZERO))), StateType.RUNNING);

    StateTransition end =
        propose(
            task,
            State.of(StateType.FAILED)
                .withDetails(new StateDetails(null, null, null, null, json("retriable", false))));

    assertThat(end.isAccepted()).isTrue();
  }

  private static State withCacheKey(StateType type, String key, @Nullable Instant expiration) {
    return State.of(type)
        .withDetails(
            new StateDetails(
                null,
                null,
                null,
                null,
                json(
                    "cache_key",
                    key,
                    "cache_expiration",
                    expiration == null ? null : expiration.toString())));
  }

  @Test
  void aCachedResultIsUsedInPlaceOfAnotherRun() {
    TaskRunRecord first = take(made(task("0")), StateType.RUNNING);
    propose(
        first,
        withCacheKey(StateType.COMPLETED, "k", null)
            .withData(json("type", "literal", "value", 42)));

    StateTransition cached = propose(made(task("1")), withCacheKey(StateType.RUNNING, "k", null));

    assertThat(cached.status()).isEqualTo(Status.REJECT);
    assertThat(cached.isRecorded()).isTrue();
    assertThat(cached.state().type()).isEqualTo(StateType.COMPLETED);
    assertThat(cached.state().name()).isEqualTo("Cached");
    assertThat(cached.state().result()).contains(42);
    assertThat(cached.state().stateDetails().taskRunId()).isNotEqualTo(first.id());

    State anew =
        State.of(StateType.RUNNING)
            .withDetails(
                new StateDetails(
                    null, null, null, null, json("cache_key", "k", "refresh_cache", true)));
    assertThat(propose(made(task("2")), anew).isAccepted()).isTrue();
    assertThat(
            propose(made(task("3")), withCacheKey(StateType.RUNNING, "other", null)).isAccepted())
        .isTrue();
  }

  @Test
  void anExpiredResultIsNotUsed() {
    TaskRunRecord first = take(made(task("0")), StateType.RUNNING);
    propose(first, withCacheKey(StateType.COMPLETED, "k", Instant.now().minusSeconds(1)));

    assertThat(propose(made(task("1")), withCacheKey(StateType.RUNNING, "k", null)).isAccepted())
        .isTrue();
  }

  @Test
  void anEndedTaskStaysAsItIs() {
    TaskRunRecord task = take(made(task("0")), StateType.RUNNING);
    propose(task, State.of(StateType.COMPLETED).withData(json("type", "literal", "value", 1)));

    StateTransition crash = propose(task, StateType.CRASHED);
    assertThat(crash.status()).isEqualTo(Status.ABORT);
    assertThat(crash.reason()).isEqualTo("Run is already COMPLETED.");
    StateTransition rerun = propose(task, StateType.RUNNING);
    assertThat(rerun.status()).isEqualTo(Status.REJECT);
    assertThat(rerun.isRecorded()).isFalse();
    assertThat(rerun.reason()).isEqualTo("This run is already completed.");
  }

  @Test
  void aTaskWhoseFlowIsTriedAgainRunsAgain() {
    TaskRunRecord task = take(made(task("0")), StateType.RUNNING, StateType.FAILED);
    api().flowRuns().setFlowRunState(flowRun.id(), State.of(StateType.SCHEDULED), true);
    api().flowRuns().setFlowRunState(flowRun.id(), State.of(StateType.RUNNING), true);

    StateTransition again = propose(task, StateType.RUNNING);

    assertThat(again.isAccepted()).isTrue();
    assertThat(again.state().name()).isEqualTo("Retrying");
    TaskRunRecord running = tasks().readTaskRun(task.id());
    assertThat(running.runCount()).isEqualTo(1);
    assertThat(running.flowRunRunCount()).isEqualTo(2);
  }

  @Test
  void aTagsLimitHolds() {
    ConcurrencyLimitRecord limit = limits().setConcurrencyLimit("db", 1).record();
    TaskRunRecord first = made(task("0").tags(List.of("db", "x")));
    TaskRunRecord second = made(task("1").tags(List.of("db")));

    take(first, StateType.RUNNING);
    StateTransition wait = propose(second, StateType.RUNNING);

    assertThat(wait.status()).isEqualTo(Status.WAIT);
    assertThat(wait.delay()).isEqualTo(Duration.ofSeconds(30));
    assertThat(wait.reason()).isEqualTo("Concurrency limit for the db tag has been reached");
    assertThat(limits().readConcurrencyLimit(limit.id()).activeSlots()).containsExactly(first.id());

    take(first, StateType.COMPLETED);
    assertThat(limits().readConcurrencyLimit(limit.id()).activeSlots()).isEmpty();
    take(second, StateType.RUNNING);
    tasks().deleteTaskRun(second.id());
    assertThat(limits().readConcurrencyLimit(limit.id()).activeSlots()).isEmpty();
  }

  @Test
  void aLimitOfZeroLetsNothingRun() {
    limits().setConcurrencyLimit("db", 0);

    StateTransition answer = propose(made(task("0").tags(List.of("db"))), StateType.RUNNING);

    assertThat(answer.status()).isEqualTo(Status.ABORT);
    assertThat(answer.reason()).contains("\"db\"", "deadlock");
  }

  @Test
  void aLimitIsSetReadResetAndDeleted() {
    Created<ConcurrencyLimitRecord> made = limits().setConcurrencyLimit("db", 2);
    TaskRunRecord task = made(task("0"));

    assertThat(made.isNew()).isTrue();
    assertThat(limits().setConcurrencyLimit("db", 3).isNew()).isFalse();
    ConcurrencyLimitRecord changed = limits().findConcurrencyLimit("db").orElseThrow();
    assertThat(changed.id()).isEqualTo(made.record().id());
    assertThat(changed.limit()).isEqualTo(3);
    assertThat(changed.updated()).isAfter(made.record().updated());

    limits().resetConcurrencyLimit(changed.id(), List.of(task.id()));
    assertThat(limits().readConcurrencyLimit(changed.id()).activeSlots())
        .containsExactly(task.id());
    limits().resetConcurrencyLimit(changed.id(), null);
    assertThat(limits().readConcurrencyLimit(changed.id()).activeSlots()).isEmpty();
    assertRefused(
        Code.NOT_FOUND,
        () -> limits().resetConcurrencyLimit(changed.id(), List.of(UUID.randomUUID())));

    limits().setConcurrencyLimit("api", 1);
    assertThat(limits().listConcurrencyLimits(Page.FIRST))
        .extracting(ConcurrencyLimitRecord::tag)
        .containsExactly("api", "db");
    limits().deleteConcurrencyLimit(changed.id());
    assertThat(limits().findConcurrencyLimit("db")).isEmpty();
    assertRefused(Code.NOT_FOUND, () -> limits().deleteConcurrencyLimit(changed.id()));
    assertRefused(Code.INVALID, () -> limits().setConcurrencyLimit("x", -1));
    assertRefused(Code.INVALID, () -> limits().setConcurrencyLimit(" ", 1));
  }

  @Test
  void taskRunsAreFoundRenamedCountedAndDeleted() {
    TaskRunRecord first = made(task("0").tags(List.of("db")));
    TaskRunRecord second = take(made(task("1")), StateType.RUNNING);
    api()
        .flowRuns()
        .createFlowRun(
            requireNonNull(flowRun.deploymentId()),
            NewFlowRun.now(Map.of()).toBuilder().parentTaskRunId(second.id()).build());

    assertThat(found(TaskRunFilter.ALL)).containsExactly(first.id(), second.id());
    assertThat(found(TaskRunFilter.ALL.toBuilder().tags(TagMatch.all(List.of("db"))).build()))
        .containsExactly(first.id());
    assertThat(
            found(
                TaskRunFilter.ALL.toBuilder()
                    .state(StateMatch.ANY.withTypes(Set.of(StateType.RUNNING)))
                    .build()))
        .containsExactly(second.id());
    assertThat(found(TaskRunFilter.ALL.toBuilder().isSubflow(true).build()))
        .containsExactly(second.id());
    assertThat(found(TaskRunFilter.ALL.toBuilder().isSubflow(false).build()))
        .containsExactly(first.id());
    assertThat(found(TaskRunFilter.ALL.toBuilder().name(FieldMatch.like("EXTRACT-1")).build()))
        .containsExactly(second.id());
    assertThat(
            tasks()
                .countTaskRuns(
                    RecordFilter.of(FlowRunFilter.ALL.withIds(Set.of(UUID.randomUUID())))))
        .isZero();
    assertThat(
            tasks().countTaskRuns(RecordFilter.of(FlowRunFilter.ALL.withIds(Set.of(flowRun.id())))))
        .isEqualTo(2);
    Instant now = Instant.now();
    assertThat(
            tasks()
                .taskRunHistory(
                    RecordFilter.ALL,
                    now.minus(Duration.ofHours(1)),
                    now.plus(Duration.ofHours(1)),
                    Duration.ofHours(2)))
        .singleElement()
        .satisfies(interval -> assertThat(interval.states()).hasSize(2));

    tasks().renameTaskRun(first.id(), "renamed");
    assertThat(tasks().readTaskRun(first.id()).name()).isEqualTo("renamed");
    assertRefused(Code.INVALID, () -> tasks().renameTaskRun(first.id(), " "));
    tasks().deleteTaskRun(first.id());
    assertThat(found(TaskRunFilter.ALL)).containsExactly(second.id());
    api().flowRuns().deleteFlowRun(flowRun.id());
    assertThat(found(TaskRunFilter.ALL)).isEmpty();
  }

  private List<UUID> found(TaskRunFilter filter) {
    return tasks()
        .listTaskRuns(
            RecordFilter.builder().taskRuns(filter).build(), TaskRunSort.NAME_ASC, Page.FIRST)
        .stream()
        .map(TaskRunRecord::id)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(TaskRunSort.class)
  void everyOrderHasPages(TaskRunSort sort) {
    take(made(task("0")), StateType.RUNNING, StateType.COMPLETED);
    made(task("1"));
    List<TaskRunRecord> all = tasks().listTaskRuns(RecordFilter.ALL, sort, Page.FIRST);
    List<TaskRunRecord> byKey =
        new ArrayList<>(tasks().listTaskRuns(RecordFilter.ALL, sort, Page.first(1)));
    byKey.addAll(
        tasks().listTaskRuns(RecordFilter.ALL, sort, Page.first(1).after(byKey.get(0).id())));

    assertThat(all).hasSize(2);
    assertThat(byKey).isEqualTo(all);
  }
}
