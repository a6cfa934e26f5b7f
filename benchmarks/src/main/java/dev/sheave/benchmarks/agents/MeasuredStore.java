package dev.sheave.benchmarks.agents;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sheave.Sheave;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.StateType;
import dev.sheave.block.Block;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The records that agents work on, in a database of their own. */
final class MeasuredStore implements AutoCloseable {
  static final String QUEUE = "bench";

  private final String name;
  private final Path folder;
  private final String schema;

  private MeasuredStore(String name, Path folder, String schema) {
    this.name = name;
    this.folder = folder;
    this.schema = schema;
  }

  /** New records in the PostgreSQL server of the environment. */
  static MeasuredStore postgres(Path folder) throws SQLException {
    MeasuredStore store =
        new MeasuredStore(
            "PostgreSQL", folder, "bench_" + UUID.randomUUID().toString().replace("-", ""));
    try (Connection connection = store.open("");
        Statement statement = connection.createStatement()) {
      statement.execute("create schema " + store.schema);
    }
    return store;
  }

  /** New records in a file. */
  static MeasuredStore sqlite(Path folder) {
    return new MeasuredStore("SQLite", folder, "");
  }

  String name() {
    return name;
  }

  Path home() {
    return folder.resolve("home-" + name.toLowerCase(Locale.ROOT));
  }

  boolean isPostgres() {
    return !schema.isEmpty();
  }

  String url() {
    return isPostgres()
        ? server() + "?currentSchema=" + schema
        : "jdbc:sqlite:" + home().resolve("sheave.db");
  }

  private static String server() {
    return Objects.requireNonNull(System.getenv("POSTGRES_URL"));
  }

  static String password() {
    return Objects.requireNonNull(System.getenv("POSTGRES_PASSWORD"));
  }

  Sheave connect() {
    return connect(url());
  }

  /** Connects by another URL, such as that of a server. */
  Sheave connect(String url) {
    Sheave.Builder builder = Sheave.builder(Map.of()).home(home()).url(url);
    if (url.startsWith("jdbc:postgresql:")) {
      builder.key(Secret.of(password()));
    }
    return builder.connect();
  }

  private Connection open(String parameters) throws SQLException {
    return isPostgres()
        ? DriverManager.getConnection(
            server().replaceAll("//.*@", "//") + parameters, "sheave", password())
        : DriverManager.getConnection(url() + "?busy_timeout=30000");
  }

  /** A pool of connections for other programs that use this database. */
  HikariDataSource pool(int size) {
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(server().replaceAll("//.*@", "//") + "?currentSchema=" + schema);
    pool.setUsername("sheave");
    pool.setPassword(password());
    pool.setMaximumPoolSize(size);
    return new HikariDataSource(pool);
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = open("?currentSchema=" + schema);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  long number(String query) throws SQLException {
    try (Connection connection = open("?currentSchema=" + schema);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  /**
   * Waits until a query finds nothing. It is asked by one connection: to make one takes more time
   * of a processor than many queries.
   *
   * @param pauseMillis how long it waits after each
   */
  void waitForNone(String query, int pauseMillis) throws SQLException, InterruptedException {
    try (Connection connection = open("?currentSchema=" + schema);
        PreparedStatement statement = connection.prepareStatement(query)) {
      while (isFound(statement)) {
        Thread.sleep(pauseMillis);
      }
    }
  }

  private static boolean isFound(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      return rows.next();
    }
  }

  /**
   * Copies a record many times: one by one that would take minutes.
   *
   * @param values what the columns of copy {@code n} have in place of the original's
   */
  void copy(String table, UUID original, int count, Map<String, String> values)
      throws SQLException {
    List<String> columns = new ArrayList<>();
    List<String> copied = new ArrayList<>();
    String id = isPostgres() ? "lpad(to_hex(n), 12, '0')" : "printf('%012x', n)";
    String numbers =
        isPostgres()
            ? "generate_series(1, " + count + ") n"
            : "(with recursive s(n) as (select 1 union all select n + 1 from s where n < "
                + count
                + ") select n from s)";
    try (Connection connection = open("?currentSchema=" + schema);
        Statement statement = connection.createStatement()) {
      try (ResultSet rows =
          connection.getMetaData().getColumns(null, isPostgres() ? schema : null, table, null)) {
        while (rows.next()) {
          String column = rows.getString("COLUMN_NAME");
          columns.add(column);
          copied.add(
              values.getOrDefault(
                  column, column.equals("id") ? "substr(id, 1, 24) || " + id : column));
        }
      }
      statement.execute(
          "insert into "
              + table
              + " ("
              + String.join(", ", columns)
              + ") select "
              + String.join(", ", copied)
              + " from "
              + table
              + ", "
              + numbers
              + " where id = '"
              + original
              + "'");
      statement.execute("analyze");
    }
  }

  /** Deploys a flow that does nothing. */
  UUID deploy(Sheave sheave, Block infrastructure) throws Exception {
    Path code = Files.createDirectories(folder.resolve("code"));
    Files.writeString(
        code.resolve("Empty.java"),
        "public final class Empty { @dev.sheave.flow.Flow public static void run() {} }");
    UUID block =
        sheave
            .blocks()
            .save(infrastructure, "here", SaveMode.OVERWRITE)
            .identity()
            .orElseThrow()
            .id();
    return sheave
        .api()
        .deployments()
        .applyDeployment(
            DeploymentSpec.builder("here", sheave.api().deployments().createFlow("empty").id())
                .workQueueName(QUEUE)
                .infrastructureDocumentId(block)
                .path(code.toString())
                .entrypoint("Empty.java:run")
                .build())
        .deployment()
        .id();
  }

  /** Makes runs that are due now. */
  static void create(Sheave sheave, UUID deployment, int count) throws Exception {
    create(sheave, deployment, count, NewFlowRun.now(Map.of()));
  }

  /** Makes runs that are alike. */
  static void create(Sheave sheave, UUID deployment, int count, NewFlowRun run) throws Exception {
    int threads = 8;
    inParallel(
        threads,
        () -> {
          for (int i = 0; i < count / threads; i++) {
            sheave.api().flowRuns().createFlowRun(deployment, run);
          }
          return true;
        });
  }

  static int count(Sheave sheave, StateType type) {
    return sheave
        .api()
        .flowRuns()
        .countFlowRuns(
            RecordFilter.builder()
                .flowRuns(FlowRunFilter.ALL.withStateTypes(Set.of(type)))
                .build());
  }

  /** Does something by several threads at once. */
  static <T> List<T> inParallel(int threads, Callable<T> task) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<T>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(executor.submit(task));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> each : all) {
        results.add(each.get());
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }

  @Override
  public void close() throws SQLException {
    if (isPostgres()) {
      execute("drop schema " + schema + " cascade");
    }
  }
}
