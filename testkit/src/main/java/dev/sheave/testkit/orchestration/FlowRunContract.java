package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunApi.FlowRunUpdate;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunApi.LogSort;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.FlowRunRecord.CreatedBy;
import dev.sheave.api.FlowRunRecord.RetryPolicy;
import dev.sheave.api.LogFilter;
import dev.sheave.api.LogLevel;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The contract of flow runs and logs in {@link FlowRunApi}, except states. */
public abstract class FlowRunContract extends OrchestrationContract {
  private static final String STRANGE_TEXT = "Grüße\n  🦦\t\u0000.\uFDD0\u0000\uFDD1\uFDD1\uFFFF";

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456Z");

  /** For the test of an implementation. */
  protected FlowRunContract() {}

  private FlowRunApi runs() {
    return api().flowRuns();
  }

  private DeploymentRecord deploymentWith(
      Map<String, @Nullable Object> parameters, List<String> tags) {
    UUID process = anonymous(schema("process"), json()).id();
    DeploymentSpec spec = withBlocks(spec("log-flow", "log-flow-s3"), null, process);
    return api()
        .deployments()
        .applyDeployment(
            spec.toBuilder()
                .version(null)
                .description(null)
                .tags(tags)
                .parameters(parameters)
                .parameterSchema(Map.of())
                .workQueueName("test")
                .workPoolName(null)
                .storageDocumentId(null)
                .infrastructureDocumentId(process)
                .infraOverrides(Map.of())
                .path(null)
                .entrypoint(null)
                .schedule(null)
                .isScheduleActive(null)
                .build())
        .deployment();
  }

  @Test
  void aRunStartsFromWhatItsDeploymentSays() {
    DeploymentRecord deployment =
        deploymentWith(json("name", "Marvin", "times", 1), List.of("a", "b"));

    FlowRunRecord run =
        runs()
            .createFlowRun(
                deployment.id(),
                NewFlowRun.at(NOON).toBuilder()
                    .name("my-run")
                    .parameters(json("name", "Arthur", "more", null))
                    .tags(List.of("b", "c"))
                    .infraOverrides(json("env.A", "1"))
                    .build());

    assertThat(run.name()).isEqualTo("my-run");
    assertThat(run.flowId()).isEqualTo(deployment.spec().flowId());
    assertThat(run.flowName()).isEqualTo("log-flow");
    assertThat(run.deploymentId()).isEqualTo(deployment.id());
    assertThat(run.workQueueName()).isEqualTo("test");
    assertThat(run.parameters()).isEqualTo(json("name", "Arthur", "times", 1, "more", null));
    assertThat(run.tags()).containsExactly("a", "b", "c");
    assertThat(run.infraOverrides()).isEqualTo(json("env.A", "1"));
    assertThat(run.infrastructureDocumentId())
        .isEqualTo(deployment.spec().infrastructureDocumentId());
    assertThat(run.infrastructurePid()).isNull();
    assertThat(run.runCount()).isZero();
    assertThat(run.retries()).isEqualTo(RetryPolicy.NONE);
    assertThat(run.expectedStartTime()).isEqualTo(NOON);
    assertThat(run.nextScheduledStartTime()).isEqualTo(NOON);
    assertThat(run.startTime()).isNull();
    assertThat(run.endTime()).isNull();
    assertThat(run.totalRunTime()).isZero();
    assertThat(run.state().type()).isEqualTo(StateType.SCHEDULED);
    assertThat(run.state().stateDetails().scheduledTime()).isEqualTo(NOON);
    assertThat(run.state().stateDetails().flowRunId()).isEqualTo(run.id());
    assertThat(runs().readFlowRun(run.id())).isEqualTo(run);
    assertThat(runs().listFlowRunStates(run.id())).containsExactly(run.state());
  }

  @Test
  void aRunIsRecordedWithAllThatItsCreatorSays() {
    DeploymentRecord deployment = deployment("log-flow", "log-flow-s3");
    UUID infrastructure = document(schema("process"), "small", json()).id();
    UUID task = UUID.randomUUID();
    RetryPolicy retries =
        new RetryPolicy(2, Duration.ofSeconds(3), json("pause_keys", List.of(), "resuming", false));
    CreatedBy creator = new CreatedBy(deployment.id(), "DEPLOYMENT", "log-flow-s3");

    FlowRunRecord run =
        runs()
            .createFlowRun(
                deployment.id(),
                NewFlowRun.at(NOON).toBuilder()
                    .context(json("a", json("b", 1)))
                    .flowVersion("v1")
                    .infrastructureDocumentId(infrastructure)
                    .parentTaskRunId(task)
                    .retries(retries)
                    .autoScheduled(true)
                    .createdBy(creator)
                    .build());

    assertThat(run.context()).isEqualTo(json("a", json("b", 1)));
    assertThat(run.flowVersion()).isEqualTo("v1");
    assertThat(run.infrastructureDocumentId()).isEqualTo(infrastructure);
    assertThat(run.parentTaskRunId()).isEqualTo(task);
    assertThat(run.retries()).isEqualTo(retries);
    assertThat(run.autoScheduled()).isTrue();
    assertThat(run.createdBy()).isEqualTo(creator);
    assertThat(run.workQueueId()).isEqualTo(queue().id());
    assertThat(run.workPoolId()).isEqualTo(queue().workPoolId());
    assertThat(run.workPoolName()).isEqualTo(queue().workPoolName());
    assertThat(runs().readFlowRun(run.id())).isEqualTo(run);
  }

  @Test
  void aRunsInfrastructureIsInTheStore() {
    DeploymentRecord deployment = deployment("log-flow", "log-flow-s3");

    assertRefused(
        Code.CONFLICT,
        () ->
            runs()
                .createFlowRun(
                    deployment.id(),
                    NewFlowRun.at(NOON).toBuilder()
                        .infrastructureDocumentId(UUID.randomUUID())
                        .build()));
  }

  @Test
  void aRunsTagsAreReplaced() {
    FlowRunRecord run = scheduledRun();

    runs().updateFlowRun(run.id(), FlowRunUpdate.NONE.withTags(List.of("x", "y")));

    assertThat(read(run).tags()).containsExactly("x", "y");
  }

  @Test
  void aRunThatIsNotNamedGetsANamePeopleCanSay() {
    assertThat(scheduledRun().name()).matches("[a-z]+-[a-z]+");
  }

  @Test
  void aFlowRunsWithoutADeployment() {
    UUID flow = api().deployments().createFlow("by-hand").id();

    FlowRunRecord run =
        runs()
            .createFlowRunOfFlow(
                flow,
                NewFlowRun.builder(State.of(StateType.PENDING)).parameters(json("x", 1)).build());

    assertThat(run.deploymentId()).isNull();
    assertThat(run.workQueueName()).isNull();
    assertThat(run.flowName()).isEqualTo("by-hand");
    assertThat(run.nextScheduledStartTime()).isNull();
    assertThat(run.expectedStartTime()).isEqualTo(run.state().timestamp());
    take(run, StateType.RUNNING, StateType.COMPLETED);
  }

  @Test
  void runsAreOfFlowsAndDeploymentsThatExist() {
    UUID nothing = UUID.randomUUID();
    NewFlowRun run = NewFlowRun.now(Map.of());

    assertRefused(Code.NOT_FOUND, () -> runs().createFlowRun(nothing, run));
    assertRefused(Code.NOT_FOUND, () -> runs().createFlowRunOfFlow(nothing, run));
    assertRefused(Code.NOT_FOUND, () -> runs().readFlowRun(nothing));
    assertRefused(Code.NOT_FOUND, () -> runs().updateFlowRun(nothing, FlowRunUpdate.NONE));
    assertRefused(Code.NOT_FOUND, () -> runs().deleteFlowRun(nothing));
    assertRefused(Code.NOT_FOUND, () -> runs().listFlowRunStates(nothing));
    assertRefused(
        Code.NOT_FOUND, () -> runs().setFlowRunState(nothing, State.of(StateType.PENDING), false));
    assertRefused(Code.NOT_FOUND, () -> runs().listLogs(nothing, null, Page.FIRST));
  }

  @Test
  void anIdempotencyKeyMakesOneRunOfAFlow() {
    DeploymentRecord deployment = deployment("log-flow", "log-flow-s3");
    DeploymentRecord sameFlow = deployment("log-flow", "other");
    DeploymentRecord otherFlow = deployment("other-flow", "log-flow-s3");

    FlowRunRecord first = runs().createFlowRun(deployment.id(), withKey("k1"));

    assertThat(runs().createFlowRun(deployment.id(), withKey("k1"))).isEqualTo(first);
    assertThat(runs().createFlowRun(sameFlow.id(), withKey("k1"))).isEqualTo(first);
    assertThat(runs().createFlowRunOfFlow(first.flowId(), withKey("k1"))).isEqualTo(first);
    assertThat(runs().createFlowRun(otherFlow.id(), withKey("k1")).id()).isNotEqualTo(first.id());
    assertThat(runs().createFlowRun(deployment.id(), withKey("k2")).id()).isNotEqualTo(first.id());
    assertThat(runs().createFlowRun(deployment.id(), withKey(null)).id())
        .isNotEqualTo(runs().createFlowRun(deployment.id(), withKey(null)).id());
  }

  private static NewFlowRun withKey(@Nullable String key) {
    return NewFlowRun.at(NOON).toBuilder().idempotencyKey(key).build();
  }

  @Test
  void anUpdateChangesWhatItNames() {
    FlowRunRecord run = scheduledRun();

    runs()
        .updateFlowRun(
            run.id(),
            FlowRunUpdate.NONE
                .withName("renamed")
                .withFlowVersion("v2")
                .withInfrastructurePid("host:42")
                .withRetries(new RetryPolicy(3, Duration.ofMillis(1500)))
                .withParameters(json("name", "Marvin")));

    FlowRunRecord changed = runs().readFlowRun(run.id());
    assertThat(changed.name()).isEqualTo("renamed");
    assertThat(changed.flowVersion()).isEqualTo("v2");
    assertThat(changed.infrastructurePid()).isEqualTo("host:42");
    assertThat(changed.retries()).isEqualTo(new RetryPolicy(3, Duration.ofMillis(1500)));
    assertThat(changed.parameters()).isEqualTo(json("name", "Marvin"));
    assertThat(changed.updated()).isAfter(run.updated());

    runs().updateFlowRun(run.id(), FlowRunUpdate.NONE.withInfrastructurePid("host:43"));

    assertThat(runs().readFlowRun(run.id()))
        .usingRecursiveComparison()
        .ignoringFields("updated", "infrastructurePid")
        .isEqualTo(changed);
    assertThat(runs().readFlowRun(run.id()).infrastructurePid()).isEqualTo("host:43");
  }

  @Test
  void aDeletedRunIsGoneWithItsStatesAndLogs() {
    FlowRunRecord run = scheduledRun();
    runs().createLogs(List.of(line(run, "gone", NOON)));

    runs().deleteFlowRun(run.id());

    assertRefused(Code.NOT_FOUND, () -> runs().readFlowRun(run.id()));
    assertRefused(Code.NOT_FOUND, () -> runs().listLogs(run.id(), null, Page.FIRST));
    LogFilter ofRun = LogFilter.ofFlowRun(run.id());
    assertRefused(Code.NOT_FOUND, () -> runs().listLogs(ofRun, LogSort.RECORDED_DESC, Page.FIRST));
    assertRefused(
        Code.INVALID, () -> runs().listLogs(LogFilter.ALL, LogSort.RECORDED_ASC, Page.FIRST));
    assertThat(runs().listFlowRuns(FlowRunFilter.ALL, FlowRunSort.CREATED_DESC, Page.FIRST))
        .isEmpty();
  }

  @Test
  void runsAreFoundByWhatTheyAreOf() {
    DeploymentRecord log = deployment("log-flow", "log-flow-s3");
    DeploymentRecord other = deployment("other-flow", "x");
    FlowRunRecord first = runs().createFlowRun(log.id(), NewFlowRun.now(Map.of()));
    FlowRunRecord second = runs().createFlowRun(other.id(), NewFlowRun.now(Map.of()));
    FlowRunRecord third = runs().createFlowRunOfFlow(log.spec().flowId(), NewFlowRun.now(Map.of()));
    take(second, StateType.PENDING);

    FlowRunFilter all = FlowRunFilter.ALL;
    assertThat(found(all)).containsExactly(third.id(), second.id(), first.id());
    assertThat(found(RecordFilter.ALL.withFlowNames(Set.of("log-flow"))))
        .containsExactly(third.id(), first.id());
    assertThat(found(all.withStateTypes(Set.of(StateType.PENDING, StateType.RUNNING))))
        .containsExactly(second.id());
    assertThat(found(all.withStateNames(Set.of("Scheduled"))))
        .containsExactly(third.id(), first.id());
    assertThat(found(all.withWorkQueueNames(Set.of("test"))))
        .containsExactly(second.id(), first.id());
    assertThat(
            found(
                FlowRunFilter.ALL.withIds(Set.of(first.id(), third.id())).toBuilder()
                    .deploymentId(FieldMatch.anyOf(Set.of(log.id())))
                    .build()))
        .containsExactly(first.id());
    assertThat(found(RecordFilter.ALL.withFlowNames(Set.of("no-flow")))).isEmpty();
  }

  private List<UUID> found(FlowRunFilter filter) {
    return found(RecordFilter.of(filter));
  }

  private List<UUID> found(RecordFilter filter) {
    return runs().listFlowRuns(filter, FlowRunSort.CREATED_DESC, Page.FIRST).stream()
        .map(FlowRunRecord::id)
        .toList();
  }

  @Test
  void runsAreListedInTheOrderThatIsWanted() {
    DeploymentRecord deployment = deployment("log-flow", "log-flow-s3");
    List<UUID> runs = new ArrayList<>();
    for (int minutes : new int[] {30, 10, 20}) {
      runs.add(
          runs()
              .createFlowRun(deployment.id(), NewFlowRun.at(NOON.plus(minutes, ChronoUnit.MINUTES)))
              .id());
    }
    take(runs().readFlowRun(runs.get(1)), StateType.PENDING);

    assertThat(sorted(FlowRunSort.CREATED_DESC, Page.FIRST))
        .containsExactly(runs.get(2), runs.get(1), runs.get(0));
    assertThat(sorted(FlowRunSort.EXPECTED_START_TIME_DESC, Page.FIRST))
        .containsExactly(runs.get(0), runs.get(2), runs.get(1));
    // what waits comes first; the rest isn't due at all
    assertThat(sorted(FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC, Page.FIRST))
        .containsExactly(runs.get(2), runs.get(0), runs.get(1));
    assertThat(sorted(FlowRunSort.CREATED_DESC, Page.first(1).next())).containsExactly(runs.get(1));
  }

  private List<UUID> sorted(FlowRunSort sort, Page page) {
    return runs().listFlowRuns(FlowRunFilter.ALL, sort, page).stream()
        .map(FlowRunRecord::id)
        .toList();
  }

  private static NewLogLine line(FlowRunRecord run, String message, Instant time) {
    return new NewLogLine(run.id(), "sheave.flow", LogLevel.INFO, message, time);
  }

  private List<String> messages(List<LogLine> lines) {
    return lines.stream().map(each -> each.line().message()).toList();
  }

  @Test
  void logLinesAreListedInTheOrderTheyWereRecorded() {
    FlowRunRecord run = scheduledRun();
    FlowRunRecord other = scheduledRun();
    NewLogLine first =
        new NewLogLine(
            run.id(), "sheave.flow", LogLevel.INFO, STRANGE_TEXT, NOON, UUID.randomUUID());

    runs().createLogs(List.of(first, line(other, "not mine", NOON), line(run, "two", NOON)));
    runs().createLogs(List.of(line(run, "three", NOON)));
    runs().createLogs(List.of());

    List<LogLine> lines = runs().listLogs(run.id(), null, Page.FIRST);
    assertThat(messages(lines)).containsExactly(STRANGE_TEXT, "two", "three");
    assertThat(lines.get(0).line()).isEqualTo(first);
    assertThat(lines).extracting(LogLine::id).doesNotHaveDuplicates();
    assertThat(messages(runs().listLogs(run.id(), null, Page.first(2).next())))
        .containsExactly("three");
  }

  /** Characters that stores are tempted to use for themselves come back as they are. */
  @Test
  void noCharacterStandsForAnother() {
    FlowRunRecord run = scheduledRun();
    String name = "\uFDD0 \uFDD1\uFDD0";

    runs().updateFlowRun(run.id(), FlowRunUpdate.NONE.withName(name).withTags(List.of(name)));

    FlowRunRecord read = runs().readFlowRun(run.id());
    assertThat(read.name()).isEqualTo(name);
    assertThat(read.tags()).containsExactly(name);
    assertThat(
            runs()
                .listFlowRuns(
                    RecordFilter.of(FlowRunFilter.ALL.withIds(Set.of(run.id()))),
                    FlowRunSort.NAME_ASC,
                    Page.FIRST))
        .containsExactly(read);
  }

  /** A thousand lines of one time: neither pages nor what comes later may hang on it. */
  @Test
  void whoFollowsALogMissesNothing() {
    FlowRunRecord run = scheduledRun();
    List<NewLogLine> written =
        IntStream.range(0, 1000).mapToObj(i -> line(run, "line " + i, NOON)).toList();
    List<NewLogLine> read = new ArrayList<>();
    UUID last = null;

    for (int from = 0; from < written.size(); from += 130) {
      runs().createLogs(written.subList(from, Math.min(from + 130, written.size())));
      for (LogLine line : runs().listLogs(run.id(), last, Page.first(100))) {
        read.add(line.line());
        last = line.id();
      }
    }
    List<LogLine> rest = runs().listLogs(run.id(), last, Page.first(70));
    while (!rest.isEmpty()) {
      rest.forEach(line -> read.add(line.line()));
      rest = runs().listLogs(run.id(), rest.get(rest.size() - 1).id(), Page.first(70));
    }

    assertThat(read).isEqualTo(written);
  }

  @Test
  void logLinesAreOfARunThatExists() {
    FlowRunRecord run = scheduledRun();
    NewLogLine lost = new NewLogLine(UUID.randomUUID(), "x", LogLevel.INFO, "lost", NOON);

    assertRefused(
        Code.NOT_FOUND, () -> runs().createLogs(List.of(line(run, "kept out", NOON), lost)));
    assertThat(runs().listLogs(run.id(), null, Page.FIRST)).isEmpty();
  }

  @Test
  void onlyALogLineCanBeFollowed() {
    FlowRunRecord run = scheduledRun();

    assertRefused(Code.NOT_FOUND, () -> runs().listLogs(run.id(), UUID.randomUUID(), Page.FIRST));
  }
}
