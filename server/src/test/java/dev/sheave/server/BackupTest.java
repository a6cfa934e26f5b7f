package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sheave.Sheave;
import dev.sheave.api.StoreAdministration;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;
import dev.sheave.testkit.OwnPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to back up and restore that {@code docs/server.md} describes. */
class BackupTest {
  @TempDir private Path folder;

  private Sheave open(String url) {
    return Sheave.builder(Map.of()).url(url).home(folder.resolve("home")).connect();
  }

  private static void save(Sheave sheave, String name) {
    sheave.blocks().save(new SecretBlock(Secret.of("s3cr3t")), name, SaveMode.CREATE);
  }

  /** Asserts that the restored records have what was saved before the backup, and nothing else. */
  private void assertRestored(String url) {
    try (Sheave restored = open(url)) {
      SecretBlock block = restored.blocks().load("secret/before", SecretBlock.class);
      assertThat(block.value().reveal()).isEqualTo("s3cr3t");
      assertThat(restored.blocks().exists("secret/after")).isFalse();
      save(restored, "more");
    }
  }

  @Test
  void aDumpOfPostgresIsRestoredIntoAnEmptyDatabase() throws Exception {
    try (OwnPostgres postgres = new OwnPostgres(folder.resolve("postgres"))) {
      String dump = folder.resolve("postgres/records.dump").toString();
      try (Sheave sheave = open(postgres.url())) {
        save(sheave, "before");
        String advice =
            "PostgreSQL makes its backups itself: run pg_dump -Fc -f records.dump '"
                + postgres.url().substring("jdbc:".length())
                + "'.";
        assertThatThrownBy(() -> administration(sheave).backUp(Path.of("records.dump")))
            .hasMessage(advice);
        postgres.tool("pg_dump", postgres.at("-Fc", "-f", dump, "postgres"));
        save(sheave, "after");
      }
      postgres.tool("createdb", postgres.at("restored"));
      postgres.tool("pg_restore", postgres.at("-d", "restored", dump));
      assertRestored(postgres.url("restored"));
    }
  }

  @Test
  void aCopyOfSqliteHasAllThatWasAnsweredBefore() throws Exception {
    Path copy = folder.resolve("copies/copy.db");
    Files.createDirectory(folder.resolve("copies"));
    Set<String> answered = ConcurrentHashMap.newKeySet();
    Set<String> before;
    AtomicBoolean isOver = new AtomicBoolean();
    ExecutorService writers = Executors.newFixedThreadPool(4);
    try (ServedStore store = new ServedStore(open(url("sheave.db")), settings -> settings)) {
      save(store.sheave, "before");
      List<Future<?>> writing = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String writer = "writer-" + i + "-";
        writing.add(
            writers.submit(
                () -> {
                  for (int n = 0; !isOver.get(); n++) {
                    String name = writer + n;
                    assertThat(store.post("/flows/", Map.of("name", name)).status()).isEqualTo(201);
                    answered.add(name);
                  }
                }));
      }
      await().atMost(Duration.ofSeconds(60)).until(() -> answered.size() > 50);
      before = Set.copyOf(answered);
      administration(store.sheave).backUp(copy);
      int meanwhile = answered.size();
      await().atMost(Duration.ofSeconds(60)).until(() -> answered.size() > meanwhile + 20);
      isOver.set(true);
      for (Future<?> each : writing) {
        each.get(60, TimeUnit.SECONDS);
      }
      save(store.sheave, "after");
      assertThatThrownBy(() -> administration(store.sheave).backUp(copy))
          .hasMessage("The file " + copy + " exists already; name a new one.");
      Path lost = folder.resolve("no/copy.db");
      assertThatThrownBy(() -> administration(store.sheave).backUp(lost))
          .hasMessageContaining("The folder of the file " + lost + " doesn't exist");
    } finally {
      isOver.set(true);
      writers.shutdownNow();
    }
    assertThat(Files.getPosixFilePermissions(copy))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (Stream<Path> all = Files.list(copy.getParent())) {
      assertThat(all).as("all is in one file").containsExactly(copy);
    }
    Files.move(copy, folder.resolve("restored.db"));
    try (Sheave restored = open(url("restored.db"))) {
      Set<String> names =
          before.stream()
              .filter(name -> restored.api().deployments().findFlow(name).isEmpty())
              .collect(Collectors.toSet());
      assertThat(names).as("flows that are lost").isEmpty();
    }
    try (Connection connection = DriverManager.getConnection(url("restored.db"));
        Statement statement = connection.createStatement();
        ResultSet mode = statement.executeQuery("pragma journal_mode")) {
      assertThat(mode.getString(1)).as("as a new database").isEqualTo("wal");
    }
    assertRestored(url("restored.db"));
  }

  private String url(String file) {
    return "jdbc:sqlite:" + folder.resolve(file);
  }

  private static StoreAdministration administration(Sheave sheave) {
    return sheave.api().administration().orElseThrow();
  }
}
