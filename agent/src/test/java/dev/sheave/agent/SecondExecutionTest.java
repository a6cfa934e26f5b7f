package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.runtime.FlowRunEngine;
import dev.sheave.runtime.loader.DirectoryFlowLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run without a lease that one program executes twice: its flow is called once. */
@Timeout(60)
class SecondExecutionTest {
  @TempDir Path directory;
  private Workshop workshop;
  private Path calls;
  private Path go;
  private UUID run;

  @BeforeEach
  void makeAPendingRun() {
    workshop = new Workshop(directory);
    calls = directory.resolve("calls");
    go = directory.resolve("go");
    workshop.writeFlow(
        """
        java.nio.file.Path calls = java.nio.file.Files.createDirectories(java.nio.file.Path.of("%s"));
        java.nio.file.Files.createTempFile(calls, "call", "");
        log.info("called");
        while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) { Thread.sleep(10); }
        return 1;
        """
            .formatted(calls, go));
    run = workshop.schedule(workshop.deploy());
    workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.PENDING), false);
  }

  @AfterEach
  void close() {
    FaultyOrchestration.setNetwork((method, arguments, call) -> call.call());
    workshop.close();
  }

  private State execute(Sheave sheave) throws Exception {
    return new FlowRunEngine(sheave, new DirectoryFlowLoader(directory.resolve("classes")))
        .run(run, Files.createTempDirectory(directory, "run"));
  }

  private void checkOneIsCalled(Callable<State> first, Callable<State> second) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try {
      List<Future<State>> both = List.of(executor.submit(first), executor.submit(second));
      workshop.awaitLine(run, "This run is not executed here");
      Files.createFile(go);
      for (Future<State> each : both) {
        assertThat(each.get().type()).isIn(StateType.RUNNING, StateType.COMPLETED);
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(calls.toFile().list()).hasSize(1);
    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.COMPLETED);
  }

  @Test
  void whenBothHaveSeenThatItIsPending() throws Exception {
    CyclicBarrier bothHaveSeenIt = new CyclicBarrier(2);
    FaultyOrchestration.setNetwork(
        (method, arguments, call) -> {
          if (method.getName().equals("setFlowRunState")
              && Objects.requireNonNull(arguments)[1] instanceof State state
              && state.type() == StateType.RUNNING) {
            bothHaveSeenIt.await();
          }
          return call.call();
        });
    String url = "faulty:jdbc:sqlite:" + workshop.home.resolve("sheave.db");
    try (Sheave faulty = Sheave.builder().home(workshop.home).url(url).connect()) {
      checkOneIsCalled(() -> execute(faulty), () -> execute(faulty));
    }
  }

  @Test
  void whenOneBeginsWhileTheOtherIsRunning() throws Exception {
    checkOneIsCalled(
        () -> execute(workshop.sheave),
        () -> {
          workshop.awaitLine(run, "called");
          return execute(workshop.sheave);
        });
  }
}
