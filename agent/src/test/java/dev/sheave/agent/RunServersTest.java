package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.Sheave;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.StateType;
import dev.sheave.block.SaveMode;
import dev.sheave.infrastructure.RunNetwork;
import dev.sheave.infrastructure.RunRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that can't open the agent's database reach its records over HTTP. */
@Timeout(120)
@SuppressWarnings("try") // agents work while they are open
class RunServersTest {
  @TempDir Path directory;
  private Workshop workshop;
  private final List<RunRequest> started = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() {
    workshop = new Workshop(directory);
    OddMachine.reachedBy(new RunNetwork("127.0.0.1", "localhost"));
    OddMachine.beforeStart(started::add);
  }

  @AfterEach
  void close() {
    OddMachine.reset();
    workshop.close();
  }

  private DeploymentRecord deploy(String statements) {
    workshop.writeFlow(statements);
    OddMachine machine = new OddMachine(Map.of(), Map.of(), null, null);
    return workshop.deploy(
        "TestFlow.java:run",
        workshop
            .sheave
            .blocks()
            .save(machine, "mine", SaveMode.CREATE)
            .identity()
            .orElseThrow()
            .id(),
        Map.of());
  }

  private Path addresses() {
    return workshop.home.resolve("run-servers");
  }

  @Test
  void aRunReachesItsOwnRecordsWithItsOwnKey() throws Exception {
    DeploymentRecord deployment =
        deploy(
            """
            var runs = dev.sheave.Sheave.current().api();
            log.info("reached at " + runs.url());
            try {
              runs.flowRuns().readFlowRun(java.util.UUID.fromString(System.getenv("OTHER")));
            } catch (dev.sheave.SheaveException e) {
              log.info("refused: " + e.getMessage());
            }
            return 1;
            """
                .replace("System.getenv(\"OTHER\")", "OTHER_RUN"));
    UUID other = workshop.schedule(workshop.deployTo("other"));
    workshop.write(
        "TestFlow.java",
        Files.readString(workshop.code.resolve("TestFlow.java"))
            .replace("OTHER_RUN", "\"" + other + "\""));
    UUID run = workshop.schedule(deployment);
    try (Agent agent = workshop.agent().start()) {
      workshop.awaitState(run, StateType.COMPLETED);

      assertThat(workshop.log(run))
          .anyMatch(line -> line.startsWith("reached at http://localhost:"))
          .anyMatch(line -> line.startsWith("refused: The key of the flow run"));
      RunRequest request = started.get(0);
      assertThat(request.api().url()).startsWith("http://localhost:");
      assertThat(request.api().key().orElseThrow().reveal()).startsWith("shv_");
      assertThat(request.api().encryptionKey()).isEmpty();
    }
  }

  @Test
  void theNextAgentOfTheHomeListensAtTheSameAddress() throws Exception {
    DeploymentRecord deployment = deploy("return 1;");
    UUID first = workshop.schedule(deployment);
    try (Agent agent = workshop.agent().start()) {
      workshop.awaitState(first, StateType.COMPLETED);
    }
    String address = Files.readString(addresses());
    assertThat(address).matches("127\\.0\\.0\\.1 \\d+\n");
    int port = Integer.parseInt(address.strip().split(" ")[1]);
    assertThatThrownBy(() -> connect(port)).isInstanceOf(IOException.class);

    try (Agent agent = workshop.agent().start()) {
      connect(port); // before a run is started
      UUID second = workshop.schedule(deployment);
      workshop.awaitState(second, StateType.COMPLETED);
    }
    assertThat(started.get(1).api().url()).isEqualTo(started.get(0).api().url());
    assertThat(Files.readString(addresses())).isEqualTo(address);
  }

  @Test
  void agentsOfOneHomeHaveAddressesOfTheirOwn() throws Exception {
    DeploymentRecord deployment = deploy("return 1;");
    UUID first = workshop.schedule(deployment);
    try (Agent agent = workshop.agent().start()) {
      workshop.awaitState(first, StateType.COMPLETED);
      try (Sheave connection = Sheave.builder().home(workshop.home).connect();
          RunServers servers = new RunServers(connection)) {
        int port = servers.port("127.0.0.1");
        assertThat(started.get(0).api().url()).doesNotContain(":" + port + "/");
        assertThat(servers.port("127.0.0.1")).isEqualTo(port);
        connect(port);
      }
    }
    assertThat(addresses()).content().hasLineCount(2);
  }

  private static void connect(int port) throws IOException {
    new Socket(InetAddress.getByName("127.0.0.1"), port).close();
  }
}
