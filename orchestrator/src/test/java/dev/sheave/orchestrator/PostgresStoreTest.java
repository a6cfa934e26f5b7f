package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sheave.OrchestrationProvider.Options;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.RunClaim;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.block.Secret;
import dev.sheave.testkit.PostgresSchema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** How the tables in a PostgreSQL database are made and opened, and how they are refused. */
class PostgresStoreTest {
  private final PostgresSchema schema = new PostgresSchema();

  @TempDir private Path home;

  @AfterEach
  void dropSchema() throws Exception {
    schema.close();
  }

  private OrchestrationApi open() {
    return Stores.open(schema, home);
  }

  @Test
  void tablesAreMadeOnceThoughManyProgramsStartAtOnce() throws Exception {
    ExecutorService programs = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String flow = "flow-" + i;
        all.add(
            programs.submit(
                () -> {
                  try (OrchestrationApi api = open()) {
                    api.deployments().createFlow(flow);
                    api.deployments().createFlow("shared");
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      programs.shutdownNow();
    }
    try (OrchestrationApi api = open()) {
      assertThat(api.deployments().countFlows(RecordFilter.ALL)).isEqualTo(5);
    }
  }

  @Test
  void runsThatChangeAtOnceDoNotOvertakeEachOtherWithoutEnd() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(8);
    Options options = new Options(schema.url(), home, Secret.of(PostgresSchema.password()), null);
    try (OrchestrationApi api = new PostgresOrchestrationProvider().open(options)) {
      UUID flow = api.deployments().createFlow("flow").id();
      DeploymentSpec spec = DeploymentSpec.builder("d", flow).workQueueName("q").build();
      UUID deployment = api.deployments().applyDeployment(spec).deployment().id();
      List<UUID> runs = new ArrayList<>();
      for (int i = 0; i < 240; i++) {
        runs.add(api.flowRuns().createFlowRun(deployment, NewFlowRun.now(Map.of())).id());
      }
      List<Future<?>> all = new ArrayList<>();
      for (UUID run : runs) {
        all.add(
            clients.submit(
                () -> {
                  for (StateType type :
                      List.of(StateType.PENDING, StateType.RUNNING, StateType.COMPLETED)) {
                    api.flowRuns().setFlowRunState(run, State.of(type), false);
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
      for (UUID run : runs) {
        assertThat(api.flowRuns().readFlowRun(run).state().type()).isEqualTo(StateType.COMPLETED);
      }
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void whoWaitsForARunIsJudgedByTheStateThatItHasEnteredMeanwhile() throws Exception {
    ExecutorService client = Executors.newSingleThreadExecutor();
    try (OrchestrationApi api = open();
        Connection other =
            DriverManager.getConnection(
                schema.url().replaceAll("//.*@", "//"),
                schema.url().replaceAll(".*//(.*)@.*", "$1"),
                PostgresSchema.password());
        Statement statement = other.createStatement()) {
      UUID flow = api.deployments().createFlow("flow").id();
      DeploymentSpec spec = DeploymentSpec.builder("d", flow).workQueueName("q").build();
      UUID deployment = api.deployments().applyDeployment(spec).deployment().id();
      UUID run = api.flowRuns().createFlowRun(deployment, NewFlowRun.now(Map.of())).id();
      UUID ended = UUID.randomUUID();
      statement.execute("begin");
      statement.execute(
          "insert into flow_run_state (id, flow_run_id, type, name, timestamp, details)"
              + (" select '" + ended + "', flow_run_id, 'COMPLETED', 'Completed', timestamp,")
              + (" details from flow_run_state where flow_run_id = '" + run + "'"));
      statement.execute(
          "update flow_run set state_type = 'COMPLETED', state_name = 'Completed',"
              + (" state_id = '" + ended + "' where id = '" + run + "'"));

      Future<StateTransition> answer =
          client.submit(
              () -> api.flowRuns().setFlowRunState(run, State.of(StateType.CRASHED), false));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> isAnyoneWaiting(((PGConnection) other).getBackendPID()));
      statement.execute("commit");

      assertThat(answer.get().status()).isEqualTo(StateTransition.Status.ABORT);
      assertThat(answer.get().state().id()).isEqualTo(ended);
    } finally {
      client.shutdownNow();
    }
  }

  private boolean isAnyoneWaiting(int blocker) throws Exception {
    return schema
        .text(
            "select count(*) > 0 from pg_stat_activity where "
                + blocker
                + " = any(pg_blocking_pids(pid))")
        .equals("t");
  }

  @Test
  void agentsThatClaimAtOnceGetEachRunOnceAndKeepTheLimitOfTheQueue() throws Exception {
    try (OrchestrationApi api = open()) {
      UUID flow = api.deployments().createFlow("flow").id();
      DeploymentSpec spec = DeploymentSpec.builder("d", flow).workQueueName("q").build();
      UUID deployment = api.deployments().applyDeployment(spec).deployment().id();
      for (int i = 0; i < 320; i++) {
        api.flowRuns().createFlowRun(deployment, NewFlowRun.now(Map.of()));
      }
      List<UUID> claimed = new ArrayList<>();
      byEightPrograms(this::claimAll).forEach(claimed::addAll);
      assertThat(claimed).hasSize(320).doesNotHaveDuplicates();

      UUID queue = api.workQueues().findWorkQueue("q").orElseThrow().id();
      api.workQueues().updateWorkQueue(queue, WorkQueueUpdate.NONE.withConcurrencyLimit(320 + 5));
      List<UUID> more = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        more.add(api.flowRuns().createFlowRun(deployment, NewFlowRun.now(Map.of())).id());
      }
      byEightPrograms(
          one -> {
            for (UUID run : more) {
              one.flowRuns().setFlowRunState(run, State.of(StateType.PENDING), false);
              claimAll(one);
            }
            return List.of();
          });
      assertThat(schema.text("select count(*) from flow_run where state_type = 'PENDING'"))
          .isEqualTo("325");
    }
  }

  private List<UUID> claimAll(OrchestrationApi api) {
    List<UUID> claimed = new ArrayList<>();
    List<FlowRunRecord> some;
    do {
      some =
          api.workPools()
              .claimRuns(
                  WorkQueueApi.DEFAULT_POOL,
                  Set.of("q"),
                  new RunClaim("agent", Duration.ofMinutes(1), Instant.now().plusSeconds(60), 10));
      some.forEach(each -> claimed.add(each.id()));
    } while (!some.isEmpty());
    return claimed;
  }

  /** Each does it by a connection of its own. */
  private <T> List<T> byEightPrograms(Function<OrchestrationApi, T> work) throws Exception {
    ExecutorService programs = Executors.newFixedThreadPool(8);
    try {
      List<Future<T>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(
            programs.submit(
                () -> {
                  try (OrchestrationApi api = open()) {
                    return work.apply(api);
                  }
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> each : all) {
        results.add(each.get());
      }
      return results;
    } finally {
      programs.shutdownNow();
    }
  }

  @Test
  void othersTablesInTheSchemaAreLeftAlone() throws Exception {
    schema.execute("create table diary (entry text)", "insert into diary values ('Dear diary')");

    try (OrchestrationApi api = open()) {
      Stores.saveSecret(api, "mine", "s3cret");
      assertThat(api.blocks().findBlockDocument("creds", "mine", true).orElseThrow().data())
          .containsEntry("password", "s3cret");
    }

    assertThat(schema.text("select entry from diary")).isEqualTo("Dear diary");
    assertThat(schema.text("select string_agg(d::text, '') from block_document d"))
        .doesNotContain("s3cret");
  }

  @Test
  void theUrlNamesTheUserAndNotThePassword() {
    try (OrchestrationApi api = open()) {
      assertThat(api.url()).isEqualTo(schema.url()).doesNotContain(PostgresSchema.password());
    }
  }

  @Test
  void theTablesOfANewerVersionAreLeftAlone() throws Exception {
    open().close();
    schema.execute("update store set schema_version = 99");

    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT))
        .hasMessageContaining("newer Sheave (schema 99; this one knows ");
  }

  @Test
  void aWrongPasswordIsSaid() {
    assertRefused(Secret.of("wrong"), "password authentication failed for user");
  }

  @Test
  void aPasswordThatIsMissingIsSaid() {
    assertRefused(null, "no password was provided; check user and password");
  }

  private void assertRefused(@Nullable Secret password, String reason) {
    Options options = new Options(schema.url(), home, password, null);

    assertThatThrownBy(() -> new PostgresOrchestrationProvider().open(options))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.PERMISSION_DENIED))
        .hasMessageContaining(reason)
        .hasMessageEndingWith("; check user and password, which is the API key (SHEAVE_API_KEY).");
  }
}
