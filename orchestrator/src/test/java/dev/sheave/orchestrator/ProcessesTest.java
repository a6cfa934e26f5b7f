package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.orchestrator.StoreProcess.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes in one file at once, and what is left when one of them dies. */
class ProcessesTest {
  @TempDir private Path folder;

  private static void closeAll(List<StoreProcess> processes) {
    for (StoreProcess process : processes) {
      process.close();
    }
  }

  @Test
  void tenProcessesStartOnAnEmptyHomeAtOnce() throws Exception {
    Path home = folder.resolve("new/home");
    List<StoreProcess> processes = new ArrayList<>();
    try {
      for (int i = 0; i < 10; i++) {
        processes.add(StoreProcess.start(Work.SAVE, home, "block-" + i));
      }
      for (StoreProcess process : processes) {
        process.begin();
      }
      for (StoreProcess process : processes) {
        assertThat(process.exitCode()).isZero();
      }
    } finally {
      closeAll(processes);
    }

    try (OrchestrationApi api = Stores.open(home)) {
      assertThat(api.blocks().listBlockDocuments(BlockDocumentFilter.NAMED, Page.FIRST, true))
          .extracting(BlockDocumentRecord::name, document -> document.data().get("password"))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 10).mapToObj(i -> tuple("block-" + i, "s3cret")).toList());
    }
  }

  @Test
  void processesThatClaimTheSameRunsTakeEachOnce() throws Exception {
    List<String> runs = new ArrayList<>();
    try (OrchestrationApi api = Stores.open(folder)) {
      var deployment =
          api.deployments()
              .applyDeployment(
                  DeploymentSpec.builder(
                          "log-flow-s3", api.deployments().createFlow("log-flow").id())
                      .workQueueName("test")
                      .build())
              .deployment();
      for (int i = 0; i < 100; i++) {
        FlowRunRecord run = api.flowRuns().createFlowRun(deployment.id(), NewFlowRun.now(Map.of()));
        runs.add(run.id().toString());
      }
    }

    List<StoreProcess> processes = new ArrayList<>();
    List<String> claimed = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        processes.add(StoreProcess.start(Work.CLAIM, folder, "agent"));
      }
      for (StoreProcess process : processes) {
        process.begin();
      }
      for (StoreProcess process : processes) {
        claimed.addAll(process.remainingLines());
        assertThat(process.exitCode()).isZero();
      }
    } finally {
      closeAll(processes);
    }

    assertThat(claimed).containsExactlyInAnyOrderElementsOf(runs);
  }

  @Test
  void whatWasSavedStaysWhenTheProcessIsKilled() throws Exception {
    Random random = new Random(20260123);
    List<String> saved = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      try (StoreProcess process = StoreProcess.start(Work.SAVE_FOREVER, folder, "round-" + round)) {
        process.begin();
        int lines = 1 + random.nextInt(60);
        for (int i = 0; i < lines; i++) {
          saved.add(process.readLine());
        }
        process.kill();
      }

      try (OrchestrationApi api = Stores.open(folder)) {
        assertThat(saved)
            .allSatisfy(
                name ->
                    assertThat(api.blocks().findBlockDocument("creds", name, true))
                        .hasValueSatisfying(
                            document ->
                                assertThat(document.data()).containsEntry("password", "s3cret")));
      }
      assertThat(integrity()).isEqualTo("ok");
    }
  }

  private String integrity() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + Stores.file(folder));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("pragma integrity_check")) {
      row.next();
      return row.getString(1);
    }
  }

  /** Wherever making the store was cut off, the next process makes it whole. */
  @Test
  void aStoreThatWasHalfMadeIsMadeAnew() throws Exception {
    for (int delay = 0; delay < 1000; delay += 125) {
      Path home = folder.resolve("home-" + delay);
      try (StoreProcess process = StoreProcess.start(Work.SAVE, home, "first")) {
        process.begin();
        // there is no moment to wait for: the point is to cut it off anywhere
        TimeUnit.MILLISECONDS.sleep(delay);
        process.kill();
      }

      try (OrchestrationApi api = Stores.open(home)) {
        Stores.saveSecret(api, "second", "s3cret");
        assertThat(api.blocks().findBlockDocument("creds", "second", true)).isPresent();
      }
      assertThat(names(home)).doesNotContain("sheave.db.new", "encryption.key.new");
    }
  }

  private static List<String> names(Path home) throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void openingAStoreThatIsThereLoadsNoMigrationLibraryAndNoPool() throws Exception {
    Stores.open(folder).close();

    try (StoreProcess process =
        StoreProcess.start(Work.SAVE, folder, "one", "-Xlog:class+load:stdout")) {
      process.begin();
      List<String> loaded = process.remainingLines();

      assertThat(process.exitCode()).isZero();
      assertThat(loaded).anyMatch(line -> line.contains("org.sqlite.SQLiteConnection"));
      assertThat(loaded)
          .noneMatch(line -> line.contains("org.flywaydb") || line.contains("com.zaxxer"));
    }
  }
}
