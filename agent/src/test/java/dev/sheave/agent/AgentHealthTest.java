package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.agent.AgentHealth.State;
import dev.sheave.api.StateType;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an application sees of the agent that is a part of it. */
@Timeout(600)
@SuppressWarnings("try") // agents work while they are open
class AgentHealthTest {
  @TempDir Path directory;
  private Workshop workshop;
  private Path go;

  @BeforeEach
  void open() {
    workshop = new Workshop(directory);
    go = directory.resolve("go");
    workshop.writeFlow(
        """
        log.info("started");
        while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) { Thread.sleep(20); }
        return 1;
        """
            .formatted(go));
  }

  @AfterEach
  void close() {
    FaultyOrchestration.setAway(false);
    workshop.close();
  }

  private static void awaitState(Agent agent, State state) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(agent.health().state()).isEqualTo(state));
  }

  @Test
  void itsHealthAndItsMetersTellOfItsRunsAndItsStore() throws Exception {
    UUID run = workshop.schedule(workshop.deploy());
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (Sheave faulty =
            Sheave.builder()
                .home(workshop.home)
                .url("faulty:jdbc:sqlite:" + workshop.home.resolve("sheave.db"))
                .connect();
        Agent agent = workshop.agent(faulty).start()) {
      new AgentMeters(agent, Tags.of("agent", "embedded")).bindTo(registry);
      workshop.awaitLine(run, "started");
      assertThat(agent.health()).isEqualTo(new AgentHealth(State.WORKING, 1, 0, null));
      assertThat(registry.get("sheave.agent.runs").tag("agent", "embedded").gauge().value())
          .isEqualTo(1);
      assertThat(registry.get("sheave.agent.runs.starting").gauge().value()).isZero();
      assertThat(registry.get("sheave.agent.runs.taken").functionCounter().count()).isEqualTo(1);
      assertThat(registry.get("sheave.agent.responding").gauge().value()).isEqualTo(1);

      FaultyOrchestration.setAway(true);
      awaitState(agent, State.WAITING_FOR_STORE);
      assertThat(agent.health().problem()).isEqualTo("The store is away.");
      assertThat(registry.get("sheave.agent.responding").gauge().value()).isZero();
      FaultyOrchestration.setAway(false);
      awaitState(agent, State.WORKING);

      Files.createFile(go);
      workshop.awaitState(run, StateType.COMPLETED);
      agent.close();
      assertThat(agent.health()).isEqualTo(new AgentHealth(State.IDLE, 0, 0, null));
      assertThat(registry.get("sheave.agent.runs").gauge().value()).isZero();
    }
  }

  @Test
  void whatGoesOnAfterABoundedEndIsTheNextAgents() throws Exception {
    UUID run = workshop.schedule(workshop.deploy());
    Agent first = workshop.agent().start();
    workshop.awaitLine(run, "started");

    assertThat(first.close(Duration.ofMillis(100))).isFalse();

    assertThat(first.health().state()).isEqualTo(State.IDLE);
    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.RUNNING);
    try (Agent next = workshop.agent().start()) {
      await().atMost(Duration.ofMinutes(1)).until(() -> next.health().runs() == 1);
      Files.createFile(go);
      workshop.awaitState(run, StateType.COMPLETED);
    }
    assertThat(workshop.home.resolve("runs")).isEmptyDirectory();
    assertThat(workshop.agent().start().close(ChronoUnit.FOREVER.getDuration())).isTrue();
  }

  @Test
  void whatCantBeIsRefusedAtOnce() {
    assertThatThrownBy(() -> workshop.agent().queuePrefixes(Set.of("")).build())
        .isInstanceOf(SheaveException.class)
        .hasMessageStartingWith("A prefix of work queues must not be empty");
    assertThatThrownBy(() -> workshop.agent().prefetch(Duration.ofSeconds(-1)).build())
        .hasMessage("The prefetch of an agent must not be negative, as PT-1S is.");
    assertThatThrownBy(() -> workshop.agent().pollInterval(Duration.ZERO).build())
        .hasMessage("The poll interval of an agent must be more than zero, unlike PT0S.");
    Agent closed = workshop.agent().build();
    closed.close();
    assertThatThrownBy(closed::runOnce)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void ofTwoAgentsOfOneNameOnAMachineTheSecondIsRefusedAtOnce() {
    Agent first = workshop.agent().name("one").start();

    assertThatThrownBy(() -> workshop.agent().name("one").start())
        .isInstanceOf(SheaveException.class)
        .hasMessage(
            "An agent named 'one' works on this machine already; give this one another name.");

    first.close();
    workshop.agent().name("one").start().close();
  }
}
