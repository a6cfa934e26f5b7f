package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.FlowRunRecord.RetryPolicy;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.testkit.PostgresSchema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On PostgreSQL, changes that wait for each other share a transaction. */
class PostgresChangesAtOnceTest extends ChangesAtOnce {
  private final PostgresSchema schema = PostgresSchema.withoutRecords();

  @TempDir private Path home;

  @Override
  OrchestrationApi open() {
    return Stores.open(schema, home);
  }

  @AfterEach
  void dropSchema() throws Exception {
    schema.close();
  }

  private Connection other() throws SQLException {
    Connection other =
        DriverManager.getConnection(
            schema.url().replaceAll("//.*@", "//"),
            schema.url().replaceAll(".*//(.*)@.*", "$1"),
            PostgresSchema.password());
    other.setAutoCommit(false);
    return other;
  }

  /** The first changes begin, and are held up; the others come meanwhile, and wait for them. */
  @Override
  <T> Answers<T> together(Map<String, Callable<T>> tasks) throws Exception {
    List<UUID> first = claimed(2);
    try (Connection other = other();
        Statement statement = other.createStatement()) {
      statement.execute("lock table flow_run_state, log in share mode");
      Future<?> state = clients.submit(() -> set(first.get(0), StateType.RUNNING));
      Future<?> line = clients.submit(() -> log(line(first.get(1), "first")));
      await()
          .until(
              () ->
                  schema
                      .text(
                          "select count(*) from pg_locks where not granted and relation in"
                              + " ('flow_run_state'::regclass, 'log'::regclass)")
                      .equals("2"));
      Answers<T> answers = super.together(tasks);
      await().until(() -> waiting() == tasks.size());
      other.commit();
      state.get();
      line.get();
      return answers;
    }
  }

  /** How many threads wait for the end of a group. */
  private static long waiting() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(each -> each.getKey().getState() == Thread.State.WAITING)
        .filter(
            each ->
                Stream.of(each.getValue())
                        .anyMatch(call -> call.getClassName().endsWith(".Grouped"))
                    && Stream.of(each.getValue())
                        .anyMatch(call -> call.getMethodName().equals("acquireUninterruptibly")))
        .count();
  }

  private String transactionsOf(String table) throws SQLException {
    return schema.text("select count(distinct xmin::text) from " + table);
  }

  @Test
  void thoseThatWaitShareATransaction() throws Exception {
    List<UUID> runs = claimed(20);
    Map<String, Callable<Object>> tasks = new HashMap<>();
    for (UUID run : runs.subList(0, 10)) {
      tasks.put("state " + run, () -> set(run, StateType.RUNNING));
    }
    for (UUID run : runs.subList(10, 20)) {
      tasks.put("log " + run, () -> log(line(run, "line")));
    }

    for (Future<Object> each : together(tasks).all().values()) {
      each.get();
    }

    assertThat(transactionsOf("log")).isEqualTo("2");
    assertThat(transactionsOf("flow_run_state where type = 'RUNNING'")).isEqualTo("2");
  }

  @Test
  void agentsThatWaitForEachOtherAreGivenRunsByOneTransaction() throws Exception {
    List<String> agents = List.of("a", "b", "c", "d");
    agents.forEach(agent -> sync(agent, "q", 1, 2)); // they are known
    create(10, "q", RetryPolicy.NONE);
    Map<String, Future<List<FlowRunRecord>>> calls = new HashMap<>();
    try (Connection other = other();
        Statement statement = other.createStatement()) {
      statement.execute("lock table flow_run_state in share mode");
      agents.forEach(agent -> calls.put(agent, clients.submit(() -> sync(agent, "q", 2, 2))));
      await().until(() -> waiting() == agents.size() - 1);
      other.commit();
    }
    Map<String, List<FlowRunRecord>> given = answersOf(calls);

    assertGivenOnce(given);
    assertThat(given.values()).allSatisfy(runs -> assertThat(runs).hasSize(2));
    assertThat(transactionsOf("flow_run_state where type = 'PENDING'")).isEqualTo("2");
  }

  @Test
  void aRunThatAnotherProgramIsChangingHoldsUpItsOwnChangesAlone() throws Exception {
    List<UUID> runs = claimed(5);
    UUID held = runs.get(0);
    try (Connection other = other();
        Statement statement = other.createStatement()) {
      statement.execute("update flow_run set name = name where id = '" + held + "'");

      Answers<Object> answers =
          together(
              Map.of(
                  "held", () -> set(held, StateType.RUNNING),
                  "a", () -> set(runs.get(1), StateType.RUNNING),
                  "held log", () -> log(line(held, "line"), line(runs.get(2), "line")),
                  "b", () -> log(line(runs.get(3), "line"))));
      answers.of("a").get();
      answers.of("b").get();
      assertThat(answers.of("held")).isNotDone();
      assertThat(answers.of("held log")).isNotDone();
      assertThat(set(runs.get(4), StateType.RUNNING).isAccepted()).isTrue();

      other.commit();
      assertThat(answers.of("held").get())
          .isInstanceOfSatisfying(
              StateTransition.class, each -> assertThat(each.isAccepted()).isTrue());
      answers.of("held log").get();
      assertThat(logOf(held)).containsExactly("line");
    }
  }

  @Test
  void whoWaitsForAStoreThatIsClosedIsToldSo() throws Exception {
    UUID run = claimed(1).get(0);
    api.close();

    assertRefused(clients.submit(() -> set(run, StateType.RUNNING)), Code.UNAVAILABLE);
    assertRefused(clients.submit(() -> log(line(run, "line"))), Code.UNAVAILABLE);
  }
}
