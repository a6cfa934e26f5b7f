package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.StateType;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Agents whose clocks are an hour off, through a server whose clock is right. Programs with another
 * clock are slow, so {@code bin/chaos clocks} runs it.
 */
@EnabledIfSystemProperty(named = "sheave.test.clocks", matches = "true")
@Timeout(900)
@SuppressWarnings("try") // programs work while they are open
class AgentClocksTest {
  @TempDir Path directory;
  private Workshop workshop;
  private int port;

  @BeforeEach
  void open() throws Exception {
    workshop = new Workshop(directory);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void close() {
    workshop.close();
  }

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

  private JavaProgram agent(String offset) throws Exception {
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
        List.of(workshop.home.toString(), "http://127.0.0.1:" + port + "/api"),
        new File("target", "clock" + offset + ".log"));
  }

  private JavaProgram server() throws Exception {
    return new JavaProgram(
        "server",
        ServerProgram.class,
        Map.of(),
        List.of(
            workshop.home.toString(),
            "jdbc:sqlite:" + workshop.home.resolve("sheave.db"),
            Integer.toString(port)),
        new File("target", "clock-server.log"));
  }

  /** The first one makes a run, the second executes it, and is killed, and the third adopts it. */
  @Test
  void changeNothing() throws Exception {
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

    try (JavaProgram server = server()) {
      try (JavaProgram agent = agent("+1h")) {
        workshop.awaitState(parent, StateType.COMPLETED);
        assertThat(agent.processes()).allMatch(ProcessHandle::isAlive);
      }
      assertThat(workshop.log(parent))
          .as("the clock is off")
          .doesNotContain("hour " + hour, "hour " + (System.currentTimeMillis() / 3_600_000));
      UUID child = UUID.fromString(workshop.stateOf(parent).result().orElseThrow().toString());
      try (JavaProgram agent = agent("-1h")) {
        workshop.awaitLine(child, "started");
        assertThat(agent.processes()).allMatch(ProcessHandle::isAlive);
      }
      Files.createFile(go);
      try (JavaProgram agent = agent("+1h")) {
        workshop.awaitState(child, StateType.COMPLETED);
        await()
            .atMost(Duration.ofMinutes(2))
            .untilAsserted(() -> assertThat(workshop.home.resolve("runs")).isEmptyDirectory());
        assertThat(agent.processes()).allMatch(ProcessHandle::isAlive);
      }
      assertThat(server.processes()).allMatch(ProcessHandle::isAlive);
      assertThat(workshop.read(child).runCount()).isEqualTo(2);
      assertThat(workshop.sheave.api().flowRuns().listAllFlowRuns(FlowRunFilter.ALL))
          .hasSize(2)
          .allMatch(run -> run.lease() == null && run.endTime() != null);
    }
  }
}
