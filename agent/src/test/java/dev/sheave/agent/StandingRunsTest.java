package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.agent.StandingRuns.Entry;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What dead agents left on an infrastructure. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class StandingRunsTest {
  @TempDir Path directory;
  private final ProcessInfrastructure process =
      ProcessInfrastructure.builder()
          .command(List.of("sh", "-c", "echo here; echo there; exec sleep 600"))
          .build();
  private final List<RunningInfrastructure> started = new ArrayList<>();
  private Workshop workshop;
  private StandingRuns standing;

  @BeforeEach
  void open() {
    workshop = new Workshop(directory);
    standing = new StandingRuns(workshop.sheave, process);
  }

  @AfterEach
  void close() {
    for (RunningInfrastructure each : started) {
      each.kill(Duration.ZERO);
      each.remove();
    }
    workshop.close();
  }

  private RunningInfrastructure start(UUID run, UUID store, int attempt) {
    RunningInfrastructure running =
        process.start(
            RunRequest.builder(run, "wise-owl", ApiAccess.to("https://sheave.test/api"))
                .store(store)
                .attempt(attempt)
                .home(workshop.home)
                .build());
    started.add(running);
    return running;
  }

  private UUID store() {
    return workshop.sheave.api().storeId();
  }

  private UUID claimedRun() {
    UUID run = workshop.schedule(workshop.deploy());
    set(run, State.of(StateType.PENDING));
    return run;
  }

  private void set(UUID run, State state) {
    workshop.sheave.api().flowRuns().setFlowRunState(run, state, true);
  }

  @Test
  void whatNoRunGoesOnWithIsRemovedAndAllElseIsLeft() {
    UUID going = claimedRun();
    UUID ended = claimedRun();
    UUID deleted = UUID.randomUUID();
    start(going, store(), 1);
    start(ended, store(), 1);
    start(deleted, store(), 1);
    RunningInfrastructure stranger = start(UUID.randomUUID(), UUID.randomUUID(), 1);
    set(ended, State.of(StateType.COMPLETED));
    assertThat(standing.list()).hasSize(3).allMatch(each -> each.standing().isRunning());

    assertThat(standing.prune()).extracting(StandingRunsTest::runOf).containsExactly(deleted);
    assertThat(new StandingRuns(workshop.sheave, process, Duration.ZERO).prune())
        .extracting(StandingRunsTest::runOf)
        .containsExactly(ended);

    assertThat(standing.list()).extracting(StandingRunsTest::runOf).containsExactly(going);
    assertThat(stranger.ended().toCompletableFuture()).isNotDone();
  }

  private static UUID runOf(Entry entry) {
    return entry.standing().flowRunId();
  }

  @Test
  void anEarlierAttemptIsInNobodysUse() {
    UUID run = claimedRun();
    start(run, store(), 1);
    set(run, State.of(StateType.SCHEDULED));
    assertThat(standing.of(run)).allMatch(Entry::isOwned);
    set(run, State.of(StateType.PENDING));
    start(run, store(), 2);

    assertThat(standing.prune()).extracting(each -> each.standing().attempt()).containsExactly(1);
    assertThat(standing.of(run)).extracting(each -> each.standing().attempt()).containsExactly(2);
  }

  @Test
  void theOutputIsShownToItsEnd() {
    UUID run = claimedRun();
    start(run, store(), 1);
    Entry entry = standing.of(run).get(0);
    standing.kill(entry, Duration.ofSeconds(30));
    List<String> lines = new CopyOnWriteArrayList<>();

    standing.follow(entry, lines::add);

    assertThat(lines).containsExactly("here", "there");
    assertThat(standing.of(run)).noneMatch(each -> each.standing().isRunning());
    assertThatThrownBy(() -> standing.of(UUID.randomUUID()))
        .isInstanceOf(SheaveException.class)
        .hasMessageContaining("Nothing stands there");
  }

  @Test
  void whatAnAgentStartedStandsForItsStore() throws Exception {
    workshop.writeFlow("System.out.println(\"going\"); Thread.sleep(600_000); return 1;");
    UUID run = workshop.schedule(workshop.deploy());
    try (Agent agent = workshop.agent().start()) {
      workshop.awaitState(run, StateType.RUNNING);

      assertThat(standing.of(run)).singleElement().matches(Entry::isOwned);
      agent.stopNow();
    }
    assertThat(standing.list()).isEmpty();
  }
}
