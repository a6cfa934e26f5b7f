package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.api.AuditRecord;
import dev.sheave.api.FlowRunApi.LogSort;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.LogFilter;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.PruneRule;
import dev.sheave.api.Pruned;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.api.StoreAdministration;
import dev.sheave.testkit.PostgresSchema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is old is removed, in each kind of database. */
class RetentionTest {

  private static final String COLUMNS =
      "id, created, updated, name, flow_id, parameters, tags, run_count, retries, retry_delay,"
          + " infra_overrides, end_time, total_run_time, state_id, state_type, state_name, context,"
          + " retry_policy, auto_scheduled";

  abstract static class Contract {
    @TempDir Path home;
    private OrchestrationApi api;
    private StoreAdministration store;

    abstract OrchestrationApi connect();

    @BeforeEach
    void open() {
      api = connect();
      store = api.administration().orElseThrow();
    }

    @AfterEach
    void close() {
      if (api != null) { // the database may be missing
        api.close();
      }
    }

    private UUID run(StateType state) {
      UUID flow = api.deployments().createFlow("f").id();
      UUID run = api.flowRuns().createFlowRunOfFlow(flow, NewFlowRun.now(Map.of())).id();
      api.flowRuns().setFlowRunState(run, State.of(state), true);
      api.flowRuns().createLogs(List.of(new NewLogLine(run, "n", 20, "line", Instant.now())));
      return run;
    }

    @Test
    void runsThatEndedAreRemovedWithTheirLogs() {
      for (int i = 0; i < 120; i++) {
        run(i % 2 == 0 ? StateType.COMPLETED : StateType.CRASHED);
      }
      UUID running = run(StateType.RUNNING);

      assertThat(store.prune(Duration.ofDays(1))).isEqualTo(new Pruned(0, 0));
      assertThat(store.prune(Duration.ZERO)).isEqualTo(new Pruned(120, 0));

      assertThat(api.flowRuns().listAllFlowRuns(FlowRunFilter.ALL))
          .extracting(FlowRunRecord::id)
          .containsExactly(running);
      assertThat(
              api.flowRuns().listLogs(LogFilter.ALL, LogSort.TIMESTAMP_ASC, Page.FIRST).stream()
                  .map(line -> line.line().flowRunId()))
          .containsExactly(running);
    }

    @Test
    void notesOfChangesAreRemovedByTheirAge() {
      Instant now = Instant.now();
      store
          .audit()
          .addChanges(
              List.of(
                  new AuditRecord(
                      now.minus(Duration.ofDays(3)), "ann", "::1", "POST", "/flows/", 201),
                  new AuditRecord(now, "bob", "::1", "POST", "/flows/", 201)));

      assertThat(store.prune(Duration.ofDays(2))).isEqualTo(new Pruned(0, 1));

      assertThat(store.audit().listChanges(Page.FIRST))
          .extracting(AuditRecord::who)
          .containsExactly("bob");
    }

    @Test
    void runsInOtherStatesAndTheLastOnesAreLeft() {
      UUID failed = run(StateType.FAILED);
      for (int i = 0; i < 60; i++) {
        run(StateType.COMPLETED);
      }
      UUID last = run(StateType.COMPLETED);
      UUID next = run(StateType.COMPLETED);

      PruneRule rule = new PruneRule(Duration.ZERO, Set.of(StateType.COMPLETED), 2);
      assertThat(store.prune(rule)).isEqualTo(new Pruned(60, 0));

      assertThat(api.flowRuns().listAllFlowRuns(FlowRunFilter.ALL))
          .extracting(FlowRunRecord::id)
          .containsExactlyInAnyOrder(failed, last, next);
      assertThatThrownBy(() -> new PruneRule(Duration.ZERO, Set.of(StateType.RUNNING), 0))
          .hasMessageContaining("Only runs that are over");
    }

    @Test
    void aFlowOfManyRunsIsDeletedWhileOthersWork() throws Exception {
      UUID flow = api.deployments().createFlow("f").id();
      UUID run = run(StateType.COMPLETED);
      fill(run, 50_000);
      AtomicInteger saved = new AtomicInteger();
      AtomicBoolean isDeleted = new AtomicBoolean();
      Thread other =
          new Thread(
              () -> {
                while (!isDeleted.get()) {
                  api.variables().createVariable("v" + saved.get(), "1", List.of());
                  saved.incrementAndGet();
                }
              });
      other.start();
      api.deployments().deleteFlow(flow);
      isDeleted.set(true);
      other.join();

      assertThat(saved.get()).isGreaterThan(10);
      assertThat(api.flowRuns().countFlowRuns(RecordFilter.ALL)).isZero();
      assertThat(api.deployments().findFlow("f")).isEmpty();
    }

    /** Copies a run many times. */
    abstract void fill(UUID run, int count) throws Exception;

    /** The statement that does it; the ids only have to differ. */
    static String copies(UUID run, int count, String columns) {
      String from = columns.replaceFirst("\\bid\\b", "'" + run + "-' || n.i");
      return "with recursive n(i) as (select 1 union all select i + 1 from n where i < "
          + count
          + ") insert into flow_run ("
          + columns
          + ") select "
          + from
          + " from flow_run, n where flow_run.id = '"
          + run
          + "'";
    }

    @Test
    void theFutureIsNotOld() {
      assertThatThrownBy(() -> store.prune(Duration.ofDays(-1))).hasMessageContaining("isn't old");
    }
  }

  @Nested
  class InSqlite extends Contract {
    @Override
    OrchestrationApi connect() {
      return Stores.open(home);
    }

    @Override
    void fill(UUID run, int count) throws Exception {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + Stores.file(home));
          Statement statement = connection.createStatement()) {
        statement.execute(copies(run, count, COLUMNS));
      }
    }
  }

  @Nested
  class InPostgres extends Contract {
    private final PostgresSchema schema = new PostgresSchema();

    @Override
    OrchestrationApi connect() {
      return Stores.open(schema, home);
    }

    @Override
    void fill(UUID run, int count) throws Exception {
      schema.execute(copies(run, count, COLUMNS));
    }

    @AfterEach
    void drop() throws Exception {
      schema.close();
    }
  }
}
