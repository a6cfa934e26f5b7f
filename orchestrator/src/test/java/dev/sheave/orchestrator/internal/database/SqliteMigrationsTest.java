package dev.sheave.orchestrator.internal.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.orchestrator.internal.secret.KeyRing;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class SqliteMigrationsTest {
  @TempDir private Path home;

  /** What tells an old database from a current one without the migration library must be right. */
  @Test
  void theVersionOfTheTablesIsThatOfTheNewestMigration() throws SQLException {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + home.resolve("sheave.db"));

    SqliteMigrations.run(source, KeyRing.ofFileOrNew(home));

    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select v.user_version, max(cast(h.version as integer))"
                    + " from pragma_user_version v, flyway_schema_history h")) {
      row.next();
      assertThat(row.getInt(1)).isEqualTo(SqliteFile.SCHEMA_VERSION);
      assertThat(row.getInt(2)).isEqualTo(SqliteFile.SCHEMA_VERSION);
    }
  }
}
