package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.orchestrator.internal.database.Changes.ChangeSource;
import dev.sheave.orchestrator.internal.database.Database.Work;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * PostgreSQL: any number of programs on any machines read and write at once. A transaction that
 * writes is as if alone ({@code serializable}); the server ends one of two that would not be, and
 * that one is done again.
 */
final class PostgresDialect implements Dialect {
  private static final String NOW = "(extract(epoch from clock_timestamp()) * 1000000)::bigint";

  /** Names the lock of those who claim; "Clai". Each schema has one. */
  private static final int CLAIM_LOCK = 0x436c6169;

  /**
   * Not serializable, deadlock, and a value that has become taken: done again, the work finds who
   * has it.
   */
  private static final Set<String> OVERTAKEN = Set.of("40001", "40P01", "23505");

  private static final String CONNECTION = "08";
  private static final String AUTHORIZATION = "28";

  /** As the driver says if the server wants a password and there is none. */
  private static final String REJECTED = "08004";

  private static final String RESOURCES = "53";
  private static final String OPERATOR = "57";
  private static final String PRIVILEGE = "42501";
  private static final String NO_DATABASE = "3D000";
  private static final String LOCK_TIMEOUT = "55P03";

  private final DataSource source;
  private final String name;
  private final Lock turns = new ReentrantLock(true);

  private final Transaction reading =
      transaction("set transaction isolation level repeatable read read only");

  /**
   * Who reads a whole table conflicts with everybody who writes to it; so an index is read, even of
   * a table that is so small that the server would rather read all of it.
   */
  private final Transaction writing =
      transaction("set transaction isolation level serializable; set local enable_seqscan = off");

  private final Transaction locked = transaction("");

  /** Claims are alike, and planning one takes the server as long as executing it. */
  private final Transaction claiming =
      transaction(
          "select pg_advisory_xact_lock("
              + CLAIM_LOCK
              + ", hashtext(current_schema())),"
              + " set_config('plan_cache_mode', 'force_generic_plan', true)");

  /**
   * Makes the dialect.
   *
   * @param name names the database in messages, without credentials
   */
  PostgresDialect(DataSource source, String name) {
    this.source = source;
    this.name = name;
  }

  private Transaction transaction(String first) {
    return new Transaction(first, true, PostgresDialect::isOvertaken, turns);
  }

  @Override
  public DataSource dataSource() {
    return source;
  }

  @Override
  public void configure(Jdbi jdbi) {
    jdbi.define(FOR_UPDATE_OF_RUN, " for update of r");
    jdbi.define(SKIP_TAKEN, " for update of r skip locked");
    jdbi.define(StoreClock.TIME, NOW);
    jdbi.getConfig(StoreClock.class).setSource(PostgresDialect::now);
    jdbi.getConfig(RowWriter.class).takeJson();
    ColumnTypes.register(jdbi);
  }

  private static Instant now(Handle handle) {
    return Times.ofMicros(
        handle.createQuery("select " + NOW).map((row, context) -> row.getLong(1)).one());
  }

  @Override
  public <T> T inTransaction(Jdbi jdbi, Access access, Work<T> work) throws SQLException {
    return switch (access) {
      case READ -> reading.run(jdbi, work);
      case READ_ONCE -> reading.runSingle(jdbi, work);
      case WRITE -> writing.run(jdbi, work);
      case LOCKED -> locked.run(jdbi, work);
      case LOCKED_ONCE -> locked.runOnce(jdbi, work);
      case CLAIM -> claiming.run(jdbi, work);
      case CLAIM_ONCE -> claiming.runOnce(jdbi, work);
    };
  }

  @Override
  public boolean sharesTransactions() {
    return false;
  }

  @Override
  public ChangeSource changes() throws SQLException {
    return new PostgresChanges(source.getConnection());
  }

  @Override
  public void backUp(Path file) {
    throw new SheaveException(
        Code.UNSUPPORTED,
        "PostgreSQL makes its backups itself: run pg_dump -Fc -f "
            + file
            + " '"
            + name.substring("jdbc:".length())
            + "'.");
  }

  private static boolean isOvertaken(SQLException error) {
    return OVERTAKEN.contains(stateOf(error));
  }

  /** A pool's error is about one of the server's. */
  private static String stateOf(SQLException error) {
    String state = "";
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (each instanceof SQLException e && e.getSQLState() != null) {
        state = e.getSQLState();
      }
    }
    return state;
  }

  @Override
  public SheaveException translate(SQLException error) {
    String state = stateOf(error);
    String reason = reasonOf(error);
    if (state.startsWith(AUTHORIZATION) || state.equals(PRIVILEGE) || state.equals(REJECTED)) {
      return new SheaveException(
          Code.PERMISSION_DENIED,
          "The database "
              + name
              + " refuses access: "
              + reason
              + "; check user and password, which is the API key (SHEAVE_API_KEY).",
          error);
    }
    if (state.equals(NO_DATABASE)) {
      return new SheaveException(
          Code.INVALID, "The database " + name + " doesn't exist; create it.", error);
    }
    if (state.startsWith(CONNECTION)
        || state.startsWith(RESOURCES)
        || state.startsWith(OPERATOR)
        || state.equals(LOCK_TIMEOUT)
        || OVERTAKEN.contains(state)
        || state.isEmpty()
        || error instanceof SQLTransientException) {
      return new SheaveException(
          Code.UNAVAILABLE, "The database " + name + " doesn't respond: " + reason + ".", error);
    }
    return new SheaveException(
        Code.INTERNAL, "The database " + name + " failed: " + reason + ".", error);
  }

  private static String reasonOf(SQLException error) {
    Throwable last = error;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    String line =
        String.valueOf(last.getMessage()).lines().findFirst().orElse("no reason was given");
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
