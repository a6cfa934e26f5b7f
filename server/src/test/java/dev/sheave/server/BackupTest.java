package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
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
      postgres.start();
      String dump = folder.resolve("postgres/records.dump").toString();
      try (Sheave sheave = open(postgres.url())) {
        save(sheave, "before");
        postgres.tool("pg_dump", postgres.at("-Fc", "-f", dump, "postgres"));
        save(sheave, "after");
      }
      postgres.tool("createdb", postgres.at("restored"));
      postgres.tool("pg_restore", postgres.at("-d", "restored", dump));
      assertRestored(postgres.url("restored"));
    }
  }

  @Test
  void aCopyOfSqliteIsMadeWhileItIsInUse() throws Exception {
    Path database = folder.resolve("sheave.db");
    Path copy = folder.resolve("copy.db");
    try (Sheave sheave = open("jdbc:sqlite:" + database)) {
      save(sheave, "before");
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
          Statement statement = connection.createStatement()) {
        statement.execute("vacuum into '" + copy + "'");
      }
      save(sheave, "after");
    }
    Files.move(copy, folder.resolve("restored.db"));
    assertRestored("jdbc:sqlite:" + folder.resolve("restored.db"));
  }
}
