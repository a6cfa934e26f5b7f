package dev.sheave.orchestrator.internal.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

/** Errors that SQLite itself reports, and the sentences made of them. */
class SqliteErrorsTest {
  @TempDir private Path folder;
  private Path path = Path.of("");

  @BeforeEach
  void makeDatabase() throws SQLException {
    path = folder.resolve("sheave.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement()) {
      statement.execute("create table t (x)");
    }
  }

  private SheaveException errorOf(SQLiteConfig config, String... sql) {
    SQLException error =
        catchThrowableOfType(
            SQLException.class,
            () -> {
              try (Connection connection = config.createConnection("jdbc:sqlite:" + path);
                  Statement statement = connection.createStatement()) {
                for (String each : sql) {
                  statement.execute(each);
                }
              }
            });
    assertThat((Throwable) error).isNotNull();
    return SqliteErrors.translate(error, path, Duration.ofSeconds(1));
  }

  /**
   * The administrator, as whom tests may run, can write any file: so it is SQLite that is told not
   * to.
   */
  @Test
  void aReadOnlyDatabase() {
    SQLiteConfig readOnly = new SQLiteConfig();
    readOnly.setReadOnly(true);

    SheaveException error = errorOf(readOnly, "insert into t values (1)");

    assertThat(error.code()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(error).hasMessageContainingAll(path.toString(), "can't be written");
  }

  @Test
  void aFullDisk() {
    SheaveException error =
        errorOf(
            new SQLiteConfig(),
            "pragma max_page_count = 2",
            "insert into t values (zeroblob(1000000))");

    assertThat(error.code()).isEqualTo(Code.INTERNAL);
    assertThat(error).hasMessageContainingAll(path.toString(), "full");
  }

  @Test
  void aFileThatCantBeOpened() {
    path = folder.resolve("missing/sheave.db");

    SheaveException error = errorOf(new SQLiteConfig(), "select 1");

    assertThat(error.code()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(error).hasMessageContaining(path.toString());
  }

  @Test
  void anythingElse() {
    SheaveException error = errorOf(new SQLiteConfig(), "select no_such_function()");

    assertThat(error.code()).isEqualTo(Code.INTERNAL);
    assertThat(error).hasMessageContaining("no_such_function");
  }
}
