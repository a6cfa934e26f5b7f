package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sheave.Sheave;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.StateType;
import dev.sheave.testkit.OwnPostgres;
import dev.sheave.testkit.storage.TroubledServer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Agents whose clocks are an hour off, through a server whose clock is right and on PostgreSQL.
 * Programs with another clock are slow, so {@code bin/chaos clocks} runs it.
 */
@EnabledIfSystemProperty(named = "sheave.test.clocks", matches = "true")
@Timeout(900)
@SuppressWarnings("try") // programs work while they are open
class AgentClocksTest {
  @TempDir Path directory;

  /** The library that tells programs another time. */
  private static String faketime() throws Exception {
    try (Stream<Path> machines = Files.list(Path.of("/usr/lib"))) {
      List<Path> found =
          machines
              .map(each -> each.resolve("faketime/libfaketimeMT.so.1"))
              .filter(Files::exists)
              .toList();
      if (found.isEmpty()) {
        Assertions.fail("This test needs libfaketime: apt-get install faketime.");
      }
      return found.get(0).toString();
    }
  }

  private JavaProgram agent(String offset, String url) throws Exception {
    return new JavaProgram(
        "agent " + offset,
        AgentProgram.class,
        Map.of(
            "LD_PRELOAD",
            faketime(),
            "FAKETIME",
            offset,
            "FAKETIME_DONT_FAKE_MONOTONIC",
            "1",
            "DONT_FAKE_MONOTONIC",
            "1"),
        List.of(directory.resolve("home").toString(), url),
        new File("target", "clock" + offset + ".log"));
  }

  @Test
  void changeNothingThroughAServer() throws Exception {
    int port = TroubledServer.freePort();
    Path home = directory.resolve("home");
    try (Workshop workshop = new Workshop(directory);
        JavaProgram server =
            new JavaProgram(
                "server",
                ServerProgram.class,
                Map.of(),
                List.of(
                    home.toString(),
                    "jdbc:sqlite:" + home.resolve("sheave.db"),
                    Integer.toString(port)),
                new File("target", "clock-server.log"))) {
      changeNothing(workshop, "http://127.0.0.1:" + port + "/api");
      assertThat(server.processes()).allMatch(ProcessHandle::isAlive);
    }
  }

  @Test
  void changeNothingOnPostgres() throws Exception {
    try (OwnPostgres database = new OwnPostgres(directory.resolve("postgres"));
        Workshop workshop =
            new Workshop(
                directory,
                Sheave.builder().home(directory.resolve("home")).url(database.url()).connect())) {
      changeNothing(workshop, database.url());
    }
  }

  /** The first one makes a run, the second executes it, and is killed, and the third adopts it. */
  private void changeNothing(Workshop workshop, String url) throws Exception {
    Path go = directory.resolve("go");
    workshop.writeFlow(
        "@Flow(retries = 1, retryDelaySeconds = 1)",
        """
        log.info("hour {}", System.currentTimeMillis() / 3_600_000);
        if (FlowRunContext.current().deploymentName().orElseThrow().endsWith("for-test")) {
          return dev.sheave.Sheave.current().deployments().load("test-flow/here")
              .run(java.util.Map.of()).id().toString();
        }
        java.nio.file.Path first = java.nio.file.Path.of("%s-first");
        if (!java.nio.file.Files.exists(first)) {
          java.nio.file.Files.createFile(first);
          throw new IllegalStateException("tried again after a second");
        }
        log.info("started");
        while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) { Thread.sleep(20); }
        return 1;
        """
            .formatted(go, go));
    workshop.deploy();
    UUID parent = workshop.schedule(workshop.deployTo(Workshop.QUEUE));
    long hour = System.currentTimeMillis() / 3_600_000;

    try (JavaProgram agent = agent("+1h", url)) {
      workshop.awaitState(parent, StateType.COMPLETED);
      assertThat(agent.processes()).allMatch(ProcessHandle::isAlive);
    }
    assertThat(workshop.log(parent))
        .as("the clock is off")
        .doesNotContain("hour " + hour, "hour " + (System.currentTimeMillis() / 3_600_000));
    UUID child = UUID.fromString(workshop.stateOf(parent).result().orElseThrow().toString());
    try (JavaProgram agent = agent("-1h", url)) {
      workshop.awaitLine(child, "started");
      assertThat(agent.processes()).allMatch(ProcessHandle::isAlive);
    }
    Files.createFile(go);
    try (JavaProgram agent = agent("+1h", url)) {
      workshop.awaitState(child, StateType.COMPLETED);
      await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() -> assertThat(workshop.home.resolve("runs")).isEmptyDirectory());
      assertThat(agent.processes()).allMatch(ProcessHandle::isAlive);
    }
    assertThat(workshop.read(child).runCount()).isEqualTo(2);
    assertThat(workshop.sheave.api().flowRuns().listAllFlowRuns(FlowRunFilter.ALL))
        .hasSize(2)
        .allMatch(run -> run.lease() == null && run.endTime() != null);
  }
}
