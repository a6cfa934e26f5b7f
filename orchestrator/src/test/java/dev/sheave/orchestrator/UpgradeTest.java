package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.NewTaskRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.Schedule;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueRecord;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Databases of earlier versions are brought up to date, and their records are read as they were.
 */
class UpgradeTest {
  @TempDir private Path home;

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6})
  void recordsOfBeforeAreReadAsTheyWere(int version) throws Exception {
    DeploymentRecord deployment;
    FlowRunRecord run;
    WorkQueueRecord queue;
    try (OrchestrationApi api = Stores.open(home)) {
      DeploymentSpec spec =
          DeploymentSpec.builder("nightly", api.deployments().createFlow("report").id())
              .workQueueName("test")
              .schedule(new Schedule.Cron("0 1 * * *", "Europe/Berlin"))
              .isScheduleActive(false) // no runs of its own
              .build();
      deployment = api.deployments().applyDeployment(spec).deployment();
      run = api.flowRuns().createFlowRun(deployment.id(), NewFlowRun.now(Map.of("day", "1")));
      api.flowRuns().setFlowRunState(run.id(), State.of(StateType.PENDING), false);
      api.flowRuns()
          .createLogs(List.of(new NewLogLine(run.id(), "flow", 20, "Hello", Instant.now())));
      run = api.flowRuns().readFlowRun(run.id());
      queue = api.workQueues().findWorkQueue("test").orElseThrow();
    }
    OldTables.replace(Stores.file(home), version);
    // as it was written before schedules had types
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + Stores.file(home));
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update deployment set schedule = '{\"cron\":\"0 1 * * *\",\"timezone\":\"Europe/Berlin\"}'");
    }

    try (OrchestrationApi api = Stores.open(home)) {
      assertThat(api.deployments().readDeployment(deployment.id())).isEqualTo(deployment);
      assertThat(
              api.flowRuns().listFlowRuns(FlowRunFilter.ALL, FlowRunSort.CREATED_DESC, Page.FIRST))
          .containsExactly(run);
      assertThat(api.flowRuns().listLogs(run.id(), null, Page.FIRST))
          .singleElement()
          .satisfies(line -> assertThat(line.line().message()).isEqualTo("Hello"));
      assertThat(api.workQueues().readWorkQueue(queue.id())).isEqualTo(queue);
      assertThat(api.workPools().findWorkPool("default-agent-pool")).isPresent();
      assertThat(
              api.taskRuns()
                  .findOrCreateTaskRun(
                      NewTaskRun.builder(State.of(StateType.PENDING), run.id(), "a", "0").build())
                  .isNew())
          .isTrue();
    }
  }
}
