package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.api.FlowRunApi.LogSort;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.LogFilter;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.Schedule;
import dev.sheave.api.StateType;
import dev.sheave.testkit.PostgresSchema;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The records of each earlier version in PostgreSQL are still there after an upgrade. */
class PostgresUpgradeTest {
  private static final UUID RUN = UUID.fromString("00000000-0000-4000-8000-000000000001");
  private static final String COLUMNS =
      "select string_agg(table_name || '.' || column_name || ' ' || data_type, chr(10) order by"
          + " table_name, column_name) from information_schema.columns"
          + " where table_schema = current_schema()";

  private final PostgresSchema schema = new PostgresSchema();
  private final PostgresSchema fresh = new PostgresSchema();

  @TempDir private Path home;

  @AfterEach
  void dropSchemas() throws Exception {
    schema.close();
    fresh.close();
  }

  private void makeTablesOf(int version) throws Exception {
    Flyway.configure()
        .dataSource(
            schema.url().replaceAll("//.*@", "//"),
            schema.url().replaceAll(".*//(.*)@.*", "$1"),
            PostgresSchema.password())
        .locations("classpath:dev/sheave/orchestrator/postgresql")
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .target(String.valueOf(version))
        .loggers("slf4j")
        .load()
        .migrate();
    schema.execute(
        "insert into flow (id, created, updated, name, tags) values ('"
            + id(2)
            + "', 1, 1,"
            + " 'nightly', '[]')");
    schema.execute(
        "insert into deployment (id, created, updated, name, flow_id, tags, parameters,"
            + " parameter_schema, infra_overrides, schedule, is_schedule_active) values ('"
            + id(3)
            + "', 1, 1, 'prod', '"
            + id(2)
            + "', '[]', '{}', '{}', '{}', '{\"cron\": \"0 3 * * *\", \"timezone\": \"UTC\"}',"
            + " true)");
    schema.execute(
        "insert into flow_run (id, created, updated, name, flow_id, deployment_id, parameters,"
            + " tags, run_count, retries, retry_delay, infra_overrides, total_run_time, state_id,"
            + " state_type, state_name, context, retry_policy, auto_scheduled) values ('"
            + RUN
            + "', 1, 1, 'able-otter', '"
            + id(2)
            + "', '"
            + id(3)
            + "', '{\"n\": 7}', '[]', 1, 0, 0, '{}', 0, '"
            + id(6)
            + "', 'RUNNING', 'Running', '{}', '{}', false)");
    String[] states = {"PENDING", "PENDING", "RUNNING"};
    for (int i = 0; i < states.length; i++) {
      schema.execute(
          "insert into flow_run_state (id, flow_run_id, type, name, timestamp, details) values ('"
              + id(4 + i)
              + "', '"
              + RUN
              + "', '"
              + states[i]
              + "', '"
              + states[i].charAt(0)
              + states[i].substring(1).toLowerCase(Locale.ROOT)
              + "', "
              + (2 + i)
              + ", '{}')");
    }
    schema.execute(
        "insert into log (flow_run_id, name, level, message, timestamp) values ('"
            + RUN
            + "', 'sheave.flow_runs', 20, 'Hello Marvin!', 9)");
  }

  private static UUID id(int number) {
    return new UUID(0x4000, 0x8000_0000_0000_0000L | number);
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 10, 11, 12, 13, 14, 15})
  void theRecordsOfAnEarlierVersionAreKept(int version) throws Exception {
    makeTablesOf(version);

    try (OrchestrationApi api = Stores.open(schema, home)) {
      FlowRunRecord run = api.flowRuns().readFlowRun(RUN);
      assertThat(run.name()).isEqualTo("able-otter");
      assertThat(run.parameters()).containsEntry("n", 7);
      assertThat(run.state().type()).isEqualTo(StateType.RUNNING);
      assertThat(
              api.flowRuns().listLogs(LogFilter.ofFlowRun(RUN), LogSort.RECORDED_ASC, Page.FIRST))
          .singleElement()
          .satisfies(line -> assertThat(line.line().message()).isEqualTo("Hello Marvin!"));
      assertThat(
              api.deployments().findDeployment("nightly", "prod").orElseThrow().spec().schedule())
          .isInstanceOfSatisfying(
              Schedule.Cron.class, cron -> assertThat(cron.cron()).isEqualTo("0 3 * * *"));
      Stores.saveSecret(api, "mine", "s3cret");
    }
    Stores.open(fresh, home).close();
    assertThat(schema.text(COLUMNS)).isEqualTo(fresh.text(COLUMNS));
    if (version < 14) {
      assertThat(schema.text("select attempt from flow_run")).isEqualTo("2");
      assertThat(schema.text("select lease_epoch from flow_run")).isEqualTo("2");
    }
  }
}
