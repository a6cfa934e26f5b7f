package dev.sheave.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.Page;
import dev.sheave.flow.Flow;
import dev.sheave.infrastructure.ProcessInfrastructure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The anonymous blocks of deployments: equal ones are shared, and unused ones are collected. */
public class SharedBlocksTest {
  private static final int PROGRAMS = 3;

  @TempDir Path home;

  public static final class Flows {
    private Flows() {}

    @Flow(name = "log-flow")
    public static void logFlow() {}
  }

  private Sheave connect() {
    return Sheave.builder().home(home).url("jdbc:sqlite:" + home.resolve("sheave.db")).connect();
  }

  private static Deployment deployment(Sheave sheave, String name) throws Exception {
    return sheave
        .deployments()
        .buildFromFlow(Flows.class.getDeclaredMethod("logFlow"), name)
        .infrastructure(ProcessInfrastructure.builder().env(Map.of("A", "1")).build())
        .skipUpload(true)
        .build();
  }

  private static int documents(Sheave sheave) {
    return sheave
        .api()
        .blocks()
        .listBlockDocuments(
            new BlockDocumentFilter(Set.of("process"), Set.of(), true), Page.FIRST, false)
        .size();
  }

  /** Each of them lets go of the block that the others are about to refer to. */
  @Test
  void deploymentsThatComeAndGoDoNotTakeEachOthersBlocks() throws Exception {
    CyclicBarrier together = new CyclicBarrier(PROGRAMS);
    List<Callable<Void>> programs = new ArrayList<>();
    for (int i = 0; i < PROGRAMS; i++) {
      String name = "deployment-" + i;
      programs.add(
          () -> {
            try (Sheave sheave = connect()) {
              Deployment deployment = deployment(sheave, name);
              together.await();
              for (int round = 0; round < 10; round++) {
                UUID id = deployment.apply();
                assertThat(sheave.deployments().load("log-flow/" + name).infrastructure())
                    .isEqualTo(deployment.infrastructure());
                sheave.api().deployments().deleteDeployment(id);
              }
            }
            return null;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(PROGRAMS);
    try {
      for (Future<Void> program : threads.invokeAll(programs)) {
        program.get();
      }
    } finally {
      threads.shutdownNow();
    }
    try (Sheave sheave = connect()) {
      assertThat(documents(sheave)).isZero();
    }
  }

  @Test
  void aDeploymentThatWasLoadedIsAppliedThoughItsBlockWasCollected() throws Exception {
    try (Sheave sheave = connect()) {
      UUID id = deployment(sheave, "mine").apply();
      Deployment loaded = sheave.deployments().load("log-flow/mine");
      sheave.api().deployments().deleteDeployment(id);
      assertThat(documents(sheave)).isZero();

      loaded.apply();

      assertThat(sheave.deployments().load("log-flow/mine").infrastructure())
          .isEqualTo(loaded.infrastructure());
      assertThat(documents(sheave)).isOne();
    }
  }
}
