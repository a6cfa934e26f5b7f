package dev.sheave.orchestrator.internal.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurabilityTest {
  private static final int FULL = 2;

  @Test
  void eachConnectionToSqliteSyncsItsCommits(@TempDir Path folder) throws Exception {
    SqliteDialect dialect = new SqliteDialect(folder.resolve("test.db"), Duration.ofSeconds(1));
    try (Connection connection = dialect.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet mode = statement.executeQuery("pragma synchronous")) {
      assertThat(mode.getInt(1)).isEqualTo(FULL);
    }
  }
}
