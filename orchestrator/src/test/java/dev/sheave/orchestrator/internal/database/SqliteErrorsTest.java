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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

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
    return SqliteErrors.translate(causeOf(config, sql), path, Duration.ofSeconds(1), false);
  }

  private SQLException causeOf(SQLiteConfig config, String... sql) {
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
    return error;
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
  void aDatabaseThatIsReadOnlyForAMoment() {
    SQLiteConfig readOnly = new SQLiteConfig();
    readOnly.setReadOnly(true);
    SQLException cause = causeOf(readOnly, "insert into t values (1)");

    SheaveException error = SqliteErrors.translate(cause, path, Duration.ofSeconds(1), true);

    assertThat(error.code()).isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void aDiskThatFails() {
    SQLException cause =
        new SQLiteException("[SQLITE_IOERR_WRITE]", SQLiteErrorCode.SQLITE_IOERR_WRITE);

    for (SQLException each : List.of(cause, new SQLException("no connection", cause))) {
      SheaveException error = SqliteErrors.translate(each, path, Duration.ofSeconds(1), false);

      assertThat(error.code()).isEqualTo(Code.UNAVAILABLE);
      assertThat(error).hasMessageContainingAll(path.toString(), "Check the disk");
    }
  }

  @Test
  void aFullDisk() {
    SheaveException error =
        errorOf(
            new SQLiteConfig(),
            "pragma max_page_count = 2",
            "insert into t values (zeroblob(1000000))");

    assertThat(error.code()).isEqualTo(Code.UNAVAILABLE);
    assertThat(error).hasMessageContainingAll(path.toString(), "full");
  }

  @Test
  void aFullDiskBesideTheDatabase() {
    SQLException error =
        new SQLiteException("disk I/O error", SQLiteErrorCode.SQLITE_IOERR_SHMSIZE);

    assertThat(SqliteErrors.isFull(error)).isTrue();
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
