package dev.sheave.testkit;

import dev.sheave.Sheave;
import dev.sheave.block.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A schema in the PostgreSQL server of {@code bin/services}, for one test. Without the server the
 * test is skipped, or fails, see {@link RequiredService}.
 */
public final class PostgresSchema implements AutoCloseable {
  /** Removes all records; what only tells the version of the tables stays. */
  private static final String CLEAR =
      """
      do $$ declare each text; begin
        set local session_replication_role = replica;
        for each in select tablename from pg_tables
            where schemaname = current_schema() and tablename not in ('store', 'flyway_schema_history')
        loop execute format('delete from %I', each); end loop;
      end $$""";

  /** The schemas without records that tests have left, for those that come next. */
  private static final Queue<PostgresSchema> CLEARED = new ConcurrentLinkedQueue<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(PostgresSchema::dropCleared));
  }

  private final String name = "test_" + UUID.randomUUID().toString().replace("-", "");
  private final boolean isUsedAgain;

  /** Creates it, empty. */
  public PostgresSchema() {
    this(false, null);
  }

  /**
   * @param old the schema that becomes this one; null to create it
   */
  private PostgresSchema(boolean isUsedAgain, @Nullable PostgresSchema old) {
    this.isUsedAgain = isUsedAgain;
    try {
      if (old == null) {
        execute("create schema " + name);
      } else {
        old.execute("alter schema " + old.name + " rename to " + name);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("a schema can't be created", e);
    }
  }

  /**
   * Returns a schema without records, in which there may be Sheave's tables: to make them takes
   * longer than most tests. The test must leave the tables as they are.
   */
  public static PostgresSchema withoutRecords() {
    return new PostgresSchema(true, CLEARED.poll());
  }

  private static URI server() {
    return URI.create(
        RequiredService.variable("postgres", "POSTGRES_URL").substring("jdbc:".length()));
  }

  /** The password of the server. */
  public static String password() {
    return RequiredService.variable("postgres", "POSTGRES_PASSWORD");
  }

  /** The port of the server. */
  public int port() {
    return server().getPort();
  }

  /** Its URL for Sheave, without the password. */
  public String url() {
    return url(port());
  }

  /** Its URL for Sheave by another port of this machine, such as that of a proxy. */
  public String url(int port) {
    URI server = server();
    return "jdbc:postgresql://"
        + server.getUserInfo()
        + "@127.0.0.1:"
        + port
        + server.getPath()
        + "?currentSchema="
        + name;
  }

  /** Opens the records in it, by a port of this machine; the caller closes them. */
  public Sheave connect(int port, Path home) {
    return Sheave.builder(Map.of()).url(url(port)).key(Secret.of(password())).home(home).connect();
  }

  private Connection connect() throws SQLException {
    URI server = server();
    return DriverManager.getConnection(
        url().replace(server.getUserInfo() + "@", ""), server.getUserInfo(), password());
  }

  /** Executes statements in it, one after the other. */
  public void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  /** Returns the text in the first row of a query in it. */
  public String text(String query) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  /** Removes it, with what is in it. */
  @Override
  public void close() throws SQLException {
    if (isUsedAgain) {
      execute(CLEAR);
      CLEARED.add(this);
    } else {
      drop();
    }
  }

  private void drop() throws SQLException {
    execute("drop schema " + name + " cascade");
  }

  private static void dropCleared() {
    for (PostgresSchema each : CLEARED) {
      try {
        each.drop();
      } catch (SQLException e) {
        return; // the server was stopped, with all that is in it
      }
    }
  }
}
