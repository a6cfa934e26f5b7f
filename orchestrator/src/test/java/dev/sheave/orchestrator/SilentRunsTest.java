package dev.sheave.orchestrator;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.api.AgentNews;
import dev.sheave.api.AgentProfile;
import dev.sheave.api.AgentSync;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.SqliteFile;
import dev.sheave.orchestrator.internal.run.SilentRuns;
import dev.sheave.orchestrator.internal.secret.KeyRing;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that nothing is heard of. */
class SilentRunsTest {
  private static final AgentProfile AGENT =
      new AgentProfile(
          "a#1", "a", "host", "1", WorkQueueApi.DEFAULT_POOL, Set.of("test"), Set.of());

  @TempDir private Path home;
  private OrchestrationApi api;
  private UUID run;
  private int round;

  @BeforeEach
  void claim() {
    api = Stores.open(home);
    UUID deployment =
        api.deployments()
            .applyDeployment(
                DeploymentSpec.builder("here", api.deployments().createFlow("flow").id())
                    .workQueueName("test")
                    .build())
            .deployment()
            .id();
    run = api.flowRuns().createFlowRun(deployment, NewFlowRun.now(Map.of())).id();
    call();
    api.flowRuns().setFlowRunState(run, State.of(StateType.RUNNING), false);
    assertThat(state().type()).isEqualTo(StateType.RUNNING);
  }

  @AfterEach
  void close() {
    api.close();
  }

  private void call() {
    news(AGENT);
  }

  private AgentNews news(AgentProfile agent) {
    return api.agents()
        .sync(
            new AgentSync(
                agent,
                ++round,
                1,
                Duration.ZERO,
                Duration.ofMinutes(1),
                Set.of(),
                Set.of(),
                Duration.ZERO));
  }

  private State state() {
    return api.flowRuns().readFlowRun(run).state();
  }

  /** Lets the agent, and the process if it was heard, be silent for some minutes. */
  private void beSilent(int minutes) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + Stores.file(home));
        Statement statement = connection.createStatement()) {
      long micros = Duration.ofMinutes(minutes).toNanos() / 1000;
      statement.execute(
          "update flow_run set lease_end = lease_end - %1$d, agent_heard = agent_heard - %1$d,"
                  .formatted(micros)
              + " process_heard = process_heard - "
              + micros);
      statement.execute("update agent set heard = heard - " + micros);
    }
  }

  private void look() {
    try (Database database =
        new SqliteFile(Stores.file(home), Duration.ofSeconds(20))
            .open(() -> KeyRing.ofFile(home), () -> KeyRing.ofFile(home))
            .database()) {
      assertThat(database.<Boolean>write(SilentRuns::end)).isFalse();
    }
  }

  @Test
  void aRunThatIsSilentForLongCrashesWithWhenItWasHeard() throws Exception {
    beSilent(9);
    look();
    assertThat(state().type()).isEqualTo(StateType.RUNNING);
    assertThat(api.flowRuns().reportAlive(run, 1)).isTrue();
    beSilent(9);
    look();
    assertThat(state().type()).as("its process was heard").isEqualTo(StateType.RUNNING);

    beSilent(9);
    look();

    assertThat(state().type()).isEqualTo(StateType.CRASHED);
    assertThat(state().message())
        .matches(
            "Nothing was heard of the run any more. Its agent was last heard at \\S+Z, its process"
                + " at \\S+Z\\.");
  }

  @Test
  void itRunsAgainWhenItsProcessOrItsAgentIsHeard() throws Exception {
    beSilent(20);
    look();
    assertThat(state().type()).isEqualTo(StateType.CRASHED);

    assertThat(api.flowRuns().reportAlive(run, 2)).isFalse();
    assertThat(state().type()).isEqualTo(StateType.CRASHED);
    assertThat(api.flowRuns().reportAlive(run, 1)).isTrue();
    assertThat(state().type()).isEqualTo(StateType.RUNNING);
    beSilent(20);
    look();
    assertThat(state().type()).isEqualTo(StateType.CRASHED);
    call();

    FlowRunRecord again = api.flowRuns().readFlowRun(run);
    assertThat(again.state().type()).isEqualTo(StateType.RUNNING);
    assertThat(again.runCount()).isEqualTo(1);
    assertThat(requireNonNull(again.lease()).owner()).isEqualTo("a#1");
    assertThat(again.endTime()).isNull();
  }

  @Test
  void whenTheClockIsSetBackItsAgentIsHeardAtOnceAndItsLeaseEndsInTime() throws Exception {
    beSilent(-60);

    call();

    Instant soon = Instant.now().plusSeconds(61);
    assertThat(api.agents().listAgents(Page.FIRST))
        .allSatisfy(agent -> assertThat(agent.lastHeard()).isBefore(soon));
    assertThat(requireNonNull(api.flowRuns().readFlowRun(run).lease()).end()).isBefore(soon);
  }

  @Test
  void aRunThatNobodyCanCancelIsCancelledInTime() throws Exception {
    api.flowRuns().setFlowRunState(run, State.of(StateType.CANCELLING), false);
    beSilent(20);
    look();

    assertThat(state().type()).isEqualTo(StateType.CANCELLED);
    assertThat(state().message())
        .startsWith("No agent that can reach the run's infrastructure has cancelled it.");
  }

  @Test
  void oneThatWasCalledCancelledIsToBeEndedByWhoReachesIt() throws Exception {
    AgentProfile other =
        new AgentProfile(
            "b#1", "b", "host", "1", WorkQueueApi.DEFAULT_POOL, Set.of("test"), Set.of());
    api.flowRuns().setFlowRunState(run, State.of(StateType.CANCELLING), false);
    beSilent(20);
    look();
    assertThat(news(other).cancelling()).extracting(FlowRunRecord::id).containsExactly(run);
    assertThat(news(AGENT).runs()).isEmpty();

    api.flowRuns().setFlowRunState(run, State.of(StateType.CANCELLED, "It is gone."), false);

    assertThat(state().message()).isEqualTo("It is gone.");
    assertThat(news(other).cancelling()).isEmpty();
  }
}
