package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.OrchestrationApi.Hosting;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.Schedule;
import dev.sheave.api.Schedule.CatchUp;
import dev.sheave.api.StateType;
import dev.sheave.orchestrator.internal.run.ScheduledRuns;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The services of a store, and what they find after nobody hosted them. */
@SuppressWarnings("try") // services work without being asked
class ServicesTest {
  private static final Schedule HOURLY =
      new Schedule.Interval(Duration.ofHours(1), Instant.parse("2024-01-01T00:00:00Z"), null);

  @TempDir private Path home;
  private OrchestrationApi api;

  @BeforeEach
  void open() {
    api = Stores.open(home);
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void allMissedTimesAreCaughtUpWith() throws Exception {
    apply("all", HOURLY);
    stopFor(Duration.ofHours(5));

    try (Hosting hosted = api.hostServices()) {
      await().untilAsserted(() -> assertThat(due()).hasSize(5));
      await().untilAsserted(() -> assertThat(due()).allMatch(ServicesTest::isLate));
      assertThat(runs())
          .hasSize(8)
          .extracting(FlowRunRecord::idempotencyKey)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void theLastHundredTimesOfAYearOfSecondsAreCaughtUpWith() throws Exception {
    apply("seconds", new Schedule.Interval(Duration.ofSeconds(1), null, null));
    stopFor(Duration.ofDays(365));

    try (Hosting hosted = api.hostServices()) {
      await().until(() -> count() >= 200);
      assertThat(due())
          .extracting(FlowRunRecord::nextScheduledStartTime)
          .allSatisfy(time -> assertThat(time).isAfter(Instant.now().minusSeconds(180)));
    }
  }

  @Test
  void aScheduleWhoseRunsDoNotReachFarIsDueAgainLater() throws Exception {
    apply("often", new Schedule.Interval(Duration.ofSeconds(10), null, null));

    assertThat(count()).isEqualTo(ScheduledRuns.MAX_RUNS);
    assertThat(count("schedule_due > " + micros(Instant.now().plusSeconds(300)))).isEqualTo(1);
  }

  @Test
  void theLatestMissedTimeIsCaughtUpWith() throws Exception {
    apply("latest", HOURLY.withCatchUp(CatchUp.LATEST));
    stopFor(Duration.ofHours(5));

    try (Hosting hosted = api.hostServices()) {
      await().untilAsserted(() -> assertThat(due()).hasSize(1));
      assertThat(due().get(0).nextScheduledStartTime())
          .isAfter(Instant.now().minus(Duration.ofHours(1)));
    }
  }

  @Test
  void runsThatNobodyTookAreDiscardedWhereNothingIsCaughtUpWith() throws Exception {
    apply("none", HOURLY.withCatchUp(CatchUp.NONE));
    UUID own = api.flowRuns().createFlowRun(deployment("none"), NewFlowRun.at(ago(2))).id();
    execute(
        "update flow_run set next_scheduled_start_time = next_scheduled_start_time - 3600000000 * 4"
            + " where auto_scheduled");
    execute("update deployment set schedule_due = 0");

    try (Hosting hosted = api.hostServices()) {
      await()
          .untilAsserted(
              () -> assertThat(due()).extracting(FlowRunRecord::id).containsExactly(own));
    }
  }

  @Test
  void aDeploymentThatFailsIsSkipped() throws Exception {
    apply("broken", HOURLY);
    apply("sound", HOURLY);
    execute("delete from flow_run");
    execute("update deployment set schedule_due = 0, scheduled_until = null");
    execute("update deployment set schedule = '{\"cron\": \"0 0 31 2 *\"}' where name = 'broken'");

    try (Hosting hosted = api.hostServices()) {
      await().untilAsserted(() -> assertThat(runs()).hasSize(3));
      assertThat(runs()).extracting(FlowRunRecord::deploymentId).containsOnly(deployment("sound"));
    }
  }

  @Test
  void manyAreLookedAtTogetherAndRunsThatAreThereAreNotCreatedAgain() throws Exception {
    for (int i = 0; i < 260; i++) { // more than one batch
      apply("d" + i, HOURLY);
    }
    execute(
        "delete from flow_run where id in (select max(id) from flow_run group by deployment_id)");
    assertThat(count()).isEqualTo(520);
    execute("update deployment set schedule_due = 0, scheduled_until = null");

    try (Hosting hosted = api.hostServices()) {
      await().atMost(Duration.ofSeconds(60)).until(() -> count() == 780);
      await().atMost(Duration.ofSeconds(60)).until(() -> countDue() == 0);
    }
    assertThat(count()).isEqualTo(780);
  }

  private int count() {
    return api.flowRuns().countFlowRuns(RecordFilter.ALL);
  }

  private int countDue() throws SQLException {
    return count("schedule_due = 0");
  }

  /** Counts deployments. */
  private int count(String condition) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select count(*) from deployment where " + condition)) {
      row.next();
      return row.getInt(1);
    }
  }

  @Test
  void aRunIsLateFiveSecondsAfterItsTime() {
    apply("plain", null);
    UUID late = api.flowRuns().createFlowRun(deployment("plain"), NewFlowRun.at(ago(1))).id();
    UUID ahead =
        api.flowRuns()
            .createFlowRun(deployment("plain"), NewFlowRun.at(Instant.now().plusSeconds(600)))
            .id();
    Instant due = api.flowRuns().readFlowRun(late).nextScheduledStartTime();

    try (Hosting hosted = api.hostServices()) {
      await().until(() -> isLate(api.flowRuns().readFlowRun(late)));
    }

    FlowRunRecord run = api.flowRuns().readFlowRun(late);
    assertThat(run.state().type()).isEqualTo(StateType.SCHEDULED);
    assertThat(run.nextScheduledStartTime()).isEqualTo(due);
    assertThat(api.flowRuns().readFlowRun(ahead).state().name()).isEqualTo("Scheduled");
  }

  @Test
  void onlyOneProgramHasTheLock() throws Exception {
    try (OrchestrationApi other = Stores.open(home);
        Hosting first = api.hostServices()) {
      await().until(() -> !owner().isEmpty());
      String owner = owner();

      try (Hosting second = other.hostServices()) {
        first.close();
        await().until(() -> !owner().isEmpty() && !owner().equals(owner));
      }
      assertThat(owner()).isEmpty();
    }
  }

  @Test
  void aLockFromBeforeTheClockWasSetBackIsTaken() throws Exception {
    execute(
        "insert into service_lock (name, owner, until) values ('records', 'dead', "
            + micros(Instant.now().plusSeconds(3600))
            + ")");

    try (Hosting hosted = api.hostServices()) {
      await().until(() -> !owner().equals("dead"));
    }
  }

  private void apply(String name, @Nullable Schedule schedule) {
    api.deployments()
        .applyDeployment(
            DeploymentSpec.builder(name, api.deployments().createFlow("log-flow").id())
                .schedule(schedule)
                .build());
  }

  private UUID deployment(String name) {
    return api.deployments().findDeployment("log-flow", name).orElseThrow().id();
  }

  /** As if no program had hosted the services. */
  private void stopFor(Duration time) throws SQLException {
    execute("delete from flow_run");
    execute(
        "update deployment set schedule_due = 0, scheduled_until = "
            + micros(Instant.now().minus(time)));
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000;
  }

  private static Instant ago(int hours) {
    return Instant.now().minus(Duration.ofHours(hours));
  }

  private List<FlowRunRecord> runs() {
    return api.flowRuns()
        .listFlowRuns(RecordFilter.ALL, FlowRunSort.EXPECTED_START_TIME_ASC, Page.FIRST);
  }

  private List<FlowRunRecord> due() {
    return runs().stream()
        .filter(run -> Instant.now().isAfter(Objects.requireNonNull(run.nextScheduledStartTime())))
        .toList();
  }

  private static boolean isLate(FlowRunRecord run) {
    return run.state().name().equals("Late");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String owner() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select owner from service_lock")) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + Stores.file(home));
  }
}
