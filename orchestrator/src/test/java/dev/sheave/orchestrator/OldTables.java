package dev.sheave.orchestrator;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/** Databases as earlier versions of the tables had them. */
final class OldTables {

  private OldTables() {}

  /** Puts a database of an earlier version in a database's place, with as much of its records. */
  static void replace(Path file, int version) throws Exception {
    Path old = file.resolveSibling("old.db");
    Flyway.configure()
        .dataSource("jdbc:sqlite:" + old, null, null)
        .locations("classpath:dev/sheave/orchestrator/sqlite")
        .javaMigrations(new NothingToBind())
        .target(String.valueOf(version))
        .loggers("slf4j")
        .load()
        .migrate();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + old);
        Statement statement = connection.createStatement()) {
      statement.execute("attach '" + file + "' as current");
      for (String table :
          texts(statement, "select name from main.sqlite_schema where type = 'table'")) {
        if (!table.startsWith("sqlite_") && !table.equals("flyway_schema_history")) {
          String columns =
              String.join(
                  ", ",
                  texts(statement, "select name from pragma_table_info('" + table + "', 'main')"));
          statement.execute(
              "insert into main."
                  + table
                  + " ("
                  + columns
                  + ") select "
                  + columns
                  + " from current."
                  + table);
        }
      }
      statement.execute("detach current");
      statement.execute("pragma journal_mode = wal");
    }
    for (String suffix : new String[] {"-wal", "-shm"}) {
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
    }
    Files.move(old, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static List<String> texts(Statement statement, String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  /** Stands for the migration to schema 2, which changes documents and no table. */
  private static final class NothingToBind implements JavaMigration {
    @Override
    public MigrationVersion getVersion() {
      return MigrationVersion.fromVersion("2");
    }

    @Override
    public String getDescription() {
      return "bind documents";
    }

    @Override
    public @Nullable Integer getChecksum() {
      return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
      return true;
    }

    @Override
    public void migrate(Context context) {}
  }
}
