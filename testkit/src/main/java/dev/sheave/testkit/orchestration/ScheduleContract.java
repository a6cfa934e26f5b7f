package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.Change;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.DeploymentUpdate;
import dev.sheave.api.Feature;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.Schedule;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of deployments with a {@link Schedule}. */
public abstract class ScheduleContract extends OrchestrationContract {
  private static final Schedule DAILY = new Schedule.Cron("30 4 * * *", null);
  private static final Schedule HOURLY = new Schedule.Cron("0 * * * *", null);

  /** For the test of an implementation. */
  protected ScheduleContract() {}

  private DeploymentApi deployments() {
    return api().deployments();
  }

  private DeploymentRecord apply(@Nullable Schedule schedule, String name) {
    return deployments()
        .applyDeployment(
            DeploymentSpec.builder("daily", deployments().createFlow("log-flow").id())
                .parameters(json("name", name))
                .parameterSchema(
                    json("type", "object", "properties", json("name", json("type", "string"))))
                .workQueueName("test")
                .tags(List.of("night"))
                .schedule(schedule)
                .build())
        .deployment();
  }

  private List<FlowRunRecord> runs() {
    return api()
        .flowRuns()
        .listFlowRuns(RecordFilter.ALL, FlowRunSort.EXPECTED_START_TIME_ASC, Page.FIRST);
  }

  private List<Instant> times() {
    return runs().stream().map(FlowRunRecord::nextScheduledStartTime).toList();
  }

  @Test
  void aDeploymentWithAScheduleHasRunsAhead() {
    UUID id = apply(DAILY, "Marvin").id();

    assertThat(runs()).hasSize(3);
    assertThat(times())
        .isSorted()
        .allMatch(
            time ->
                time.isAfter(Instant.now())
                    && time.atZone(ZoneOffset.UTC).toLocalTime().equals(LocalTime.of(4, 30)));
    assertThat(runs())
        .allSatisfy(
            run -> {
              assertThat(run.deploymentId()).isEqualTo(id);
              assertThat(run.autoScheduled()).isTrue();
              assertThat(run.parameters()).isEqualTo(Map.of("name", "Marvin"));
              assertThat(run.tags()).containsExactly("night", "auto-scheduled");
              assertThat(run.state().message()).isEqualTo("Flow run scheduled");
              assertThat(run.workQueueName()).isEqualTo("test");
              assertThat(run.idempotencyKey())
                  .isEqualTo("scheduled " + id + " " + run.nextScheduledStartTime());
            });
  }

  @Test
  void runsReachAnHourAhead() {
    apply(new Schedule.Interval(Duration.ofMinutes(5), null, null), "Marvin");

    assertThat(times()).hasSizeBetween(12, 13);
  }

  @Test
  void noMoreThanAHundredRunsAreAhead() {
    apply(new Schedule.Interval(Duration.ofSeconds(1), null, null), "Marvin");

    assertThat(api().flowRuns().countFlowRuns(RecordFilter.ALL)).isEqualTo(100);
  }

  @Test
  void aRedeployReplacesFutureRunsThatNobodyClaimed() {
    UUID id = apply(DAILY, "Marvin").id();
    FlowRunRecord claimed = runs().get(0);
    api().flowRuns().setFlowRunState(claimed.id(), State.of(StateType.PENDING), false);
    FlowRunRecord own =
        api().flowRuns().createFlowRun(id, NewFlowRun.at(Instant.now().plus(Duration.ofDays(9))));
    List<Instant> before = times();

    apply(DAILY, "Trillian");

    assertThat(runs()).hasSize(4).extracting(FlowRunRecord::id).contains(claimed.id(), own.id());
    assertThat(times()).isEqualTo(before);
    assertThat(runs().stream().filter(FlowRunRecord::autoScheduled).skip(1))
        .allSatisfy(run -> assertThat(run.parameters()).isEqualTo(Map.of("name", "Trillian")));
  }

  @Test
  void anotherScheduleReplacesTheRuns() {
    UUID id = apply(DAILY, "Marvin").id();

    deployments()
        .updateDeployment(id, DeploymentUpdate.builder().schedule(Change.to(HOURLY)).build());

    assertThat(times())
        .hasSize(3)
        .allMatch(time -> time.atZone(ZoneOffset.UTC).getMinute() == 0)
        .allMatch(time -> time.isBefore(Instant.now().plus(Duration.ofHours(4))));
  }

  @Test
  void aPauseTakesFutureRunsAwayAndAResumeBringsThem() {
    UUID id = apply(DAILY, "Marvin").id();
    List<Instant> before = times();

    deployments().updateDeployment(id, DeploymentUpdate.scheduleActive(false));
    assertThat(runs()).isEmpty();

    apply(DAILY, "Marvin"); // it stays paused
    assertThat(runs()).isEmpty();

    deployments().updateDeployment(id, DeploymentUpdate.scheduleActive(true));
    assertThat(times()).isEqualTo(before);
  }

  @Test
  void aScheduleThatIsRemovedLeavesNoRuns() {
    apply(DAILY, "Marvin");

    apply(null, "Marvin");

    assertThat(runs()).isEmpty();
  }

  @Test
  void aDeploymentThatIsDeletedLeavesNoFutureRuns() {
    deployments().deleteDeployment(apply(DAILY, "Marvin").id());

    assertThat(runs()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"61 * * * *", "0 0 31 2 *", "R * * * *", "* * *"})
  void aWrongScheduleIsRefused(String cron) {
    assertRefused(Code.INVALID, () -> apply(new Schedule.Cron(cron, null), "Marvin"));

    assertThat(deployments().findDeployment("log-flow", "daily")).isEmpty();
  }

  @Test
  void theNextTimesAreTold() {
    Instant start = Instant.parse("2026-03-28T12:00:00Z");
    Schedule schedule = new Schedule.Cron("30 2 * * *", "Europe/Berlin");
    if (!api().features().contains(Feature.SCHEDULE_PREVIEW)) {
      assertRefused(Code.UNSUPPORTED, () -> deployments().previewSchedule(schedule, start, 2));
      return;
    }

    // the clock skips 02:30 on the first day
    assertThat(deployments().previewSchedule(schedule, start, 2))
        .containsExactly(
            Instant.parse("2026-03-29T01:00:00Z"), Instant.parse("2026-03-30T00:30:00Z"));
    assertRefused(
        Code.INVALID,
        () -> deployments().previewSchedule(new Schedule.Cron("61 * * * *", null), start, 2));
  }

  @Test
  void howToCatchUpIsKept() {
    Schedule latest = DAILY.withCatchUp(Schedule.CatchUp.LATEST);

    assertThat(apply(latest, "Marvin").spec().schedule()).isEqualTo(latest);
  }

  @Test
  void theRunsOfAPeriodAreCreated() {
    UUID id = apply(new Schedule.Cron("30 4 * * *", "UTC"), "Marvin").id();
    Instant from = Instant.parse("2026-01-01T04:30:00Z");

    for (int time = 1; time <= 2; time++) {
      deployments()
          .scheduleRuns(
              id,
              new DeploymentApi.SchedulePeriod(
                  from, from.plus(Duration.ofDays(30)), Duration.ofDays(2), 1, 100));

      assertThat(times())
          .filteredOn(due -> due.isBefore(Instant.now()))
          .containsExactly(from, from.plus(Duration.ofDays(1)), from.plus(Duration.ofDays(2)));
    }
    deployments().scheduleRuns(id, new DeploymentApi.SchedulePeriod(from, null, null, 100, 5));
    assertThat(times()).filteredOn(due -> due.isBefore(Instant.now())).hasSize(5);
  }

  @Test
  void aPeriodHasBounds() {
    UUID id = apply(DAILY, "Marvin").id();

    assertRefused(
        Code.INVALID,
        () ->
            deployments()
                .scheduleRuns(
                    id, new DeploymentApi.SchedulePeriod(null, null, null, 10_000, 10_000)));
    assertRefused(
        Code.NOT_FOUND,
        () ->
            deployments()
                .scheduleRuns(
                    UUID.randomUUID(),
                    new DeploymentApi.SchedulePeriod(null, null, null, null, null)));
  }
}
