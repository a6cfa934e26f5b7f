package dev.sheave.benchmarks;

import dev.sheave.internal.Json;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A server, with the records that it is asked about. */
final class MeasuredServer {
  final String name;
  final boolean isReference;
  private final List<String> command;
  private final Map<String, String> environment;
  final Path folder;
  final String database;
  private final int port;
  private @Nullable Process process;
  private String deployment = "";
  private String queue = "";
  private String run = "";
  private String block = "";
  private final ConcurrentLinkedQueue<String> runs = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<@Nullable LeanConnection> connections = new ThreadLocal<>();

  private MeasuredServer(
      String name,
      boolean isReference,
      int port,
      List<String> command,
      Map<String, String> environment,
      Path folder,
      String database)
      throws IOException {
    this.name = name;
    this.isReference = isReference;
    this.port = port;
    this.command = command;
    this.environment = environment;
    this.folder = Files.createDirectories(folder);
    this.database = database;
  }

  static MeasuredServer sheave(String name, String launcher, Path home, @Nullable String url)
      throws IOException {
    int port = freePort();
    String database = url == null ? "jdbc:sqlite:" + home.resolve("sheave.db") : url;
    Map<String, String> environment = new HashMap<>();
    environment.put("SHEAVE_HOME", home.toString());
    environment.put("SHEAVE_API_URL", database);
    if (url != null) {
      environment.put("SHEAVE_API_KEY", System.getenv("POSTGRES_PASSWORD"));
    }
    List<String> command = List.of(launcher, "server", "start", "--port", String.valueOf(port));
    return new MeasuredServer(name, false, port, command, environment, home, database);
  }

  /** As {@code prefect server start}, without the services that hold its database. */
  static MeasuredServer reference(String python, Path home) throws IOException {
    int port = freePort();
    Map<String, String> environment = new HashMap<>();
    for (String service :
        List.of(
            "SCHEDULER",
            "LATE_RUNS",
            "FLOW_RUN_NOTIFICATIONS",
            "PAUSE_EXPIRATIONS",
            "CANCELLATION_CLEANUP")) {
      environment.put("PREFECT_API_SERVICES_" + service + "_ENABLED", "false");
    }
    environment.put("PREFECT_HOME", home.toString());
    environment.put("PREFECT_SERVER_ANALYTICS_ENABLED", "false");
    environment.put("PREFECT_LOGGING_SERVER_LEVEL", "WARNING");
    List<String> command =
        List.of(
            python,
            "-m",
            "uvicorn",
            "--factory",
            "prefect.server.api.server:create_app",
            "--host",
            "127.0.0.1",
            "--port",
            String.valueOf(port),
            "--log-level",
            "warning");
    String database = "jdbc:sqlite:" + home.resolve("prefect.db");
    return new MeasuredServer("reference", true, port, command, environment, home, database);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Starts it, and returns after how many seconds it answered. */
  double start() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("server.out").toFile());
    builder.environment().keySet().removeIf(each -> each.matches("(SHEAVE|PREFECT)_.*"));
    builder.environment().putAll(environment);
    long start = System.nanoTime();
    process = builder.start();
    while (true) {
      try {
        if (send("POST", "/flows/count", "{}").status() == 200) {
          return (System.nanoTime() - start) / 1e9;
        }
      } catch (IOException e) {
        if (!process.isAlive()) {
          throw new IOException(Files.readString(folder.resolve("server.out")), e);
        }
      }
      Thread.sleep(10);
    }
  }

  void awaitArchives() throws IOException, InterruptedException {
    while (!isReference && !StartBenchmark.hasArchive(folder.resolve("cache/cds"))) {
      Thread.sleep(100);
    }
  }

  void stop() throws InterruptedException {
    if (process != null) {
      process.destroy();
      process.waitFor();
    }
  }

  double memory(String which) throws IOException {
    long pid = Objects.requireNonNull(process).pid();
    return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
            .filter(line -> line.startsWith(which))
            .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        / 1024.0;
  }

  String url() {
    return "http://127.0.0.1:" + port + "/api";
  }

  private LeanConnection.Answer send(String method, String path, @Nullable String body)
      throws IOException {
    LeanConnection connection = connections.get();
    try {
      if (connection == null || connection.isOld()) {
        connection = new LeanConnection(port);
        connections.set(connection);
      }
      return connection.send(method, "/api" + path, body == null ? "" : body);
    } catch (IOException e) {
      connections.remove();
      throw e;
    }
  }

  /**
   * Asks until there is an answer: the reference gives 503 while its database is locked, and closes
   * connections that were idle for five seconds.
   */
  private String ask(String method, String path, @Nullable Object body)
      throws IOException, InterruptedException {
    while (true) {
      LeanConnection.Answer answer;
      try {
        answer = send(method, path, body == null ? null : Json.write(body));
      } catch (IOException e) {
        if (isReference) {
          continue;
        }
        throw e;
      }
      if (answer.status() < 300) {
        return answer.body();
      }
      if (answer.status() < 500 || !isReference) {
        throw new IOException(
            name + ": " + path + " gives " + answer.status() + ": " + answer.body());
      }
    }
  }

  private String id(String method, String path, @Nullable Object body) throws Exception {
    return String.valueOf(Json.parseObject(ask(method, path, body), "The answer").get("id"));
  }

  /** Makes the records that it is asked about. */
  void prepare() throws Exception {
    String flow = id("POST", "/flows/", Map.of("name", "f"));
    deployment =
        id(
            "POST",
            "/deployments/",
            Map.of("name", "d", "flow_id", flow, "work_queue_name", "q", "entrypoint", "f.py:f"));
    queue = id("GET", "/work_queues/name/q", null);
    run = newRun();
    String type = id("GET", "/block_types/slug/secret", null);
    String filter = Json.write(Map.of("block_type_id", Map.of("any_", List.of(type))));
    String schemas =
        ask(
            "POST",
            "/block_schemas/filter",
            Json.parse("{\"block_schemas\":" + filter + "}", "The filter"));
    Object schema = ((List<?>) Objects.requireNonNull(Json.parse(schemas, "The schemas"))).get(0);
    block =
        id(
            "POST",
            "/block_documents/",
            Map.of(
                "name",
                "b",
                "data",
                Map.of("value", "s3cr3t"),
                "block_schema_id",
                ((Map<?, ?>) schema).get("id"),
                "block_type_id",
                type));
  }

  private boolean isPostgres() {
    return database.startsWith("jdbc:postgresql:");
  }

  private String value(String query) throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  /** That connections of Sheave's sync each commit to SQLite's file is tested elsewhere. */
  void checkDurability() throws SQLException {
    List<String> found =
        isPostgres()
            ? List.of(
                value("show fsync"),
                value("show synchronous_commit"),
                value("show full_page_writes"))
            : List.of(value("pragma journal_mode"));
    if (!found.equals(isPostgres() ? List.of("on", "on", "on") : List.of("wal"))) {
      throw new IllegalStateException(name + " isn't durable: " + found);
    }
  }

  /**
   * How fast something was done.
   *
   * @param perSecond how often in a second
   * @param processorTime the server's own, in milliseconds each time
   * @param idle the share of the machine's processors that did nothing
   */
  record Rate(double perSecond, double processorTime, double idle) {}

  /** Does an operation so often. */
  Rate rate(int count, Operation operation) throws Exception {
    runs.clear();
    if (operation.needsRuns()) {
      Clients.inParallel(count, number -> runs.add(newRun()));
    }
    long[] machine = machineTime();
    double processor = processorTime();
    long start = System.nanoTime();
    Clients.inParallel(count, number -> operation.run(this));
    double seconds = (System.nanoTime() - start) / 1e9;
    long[] after = machineTime();
    return new Rate(
        count / seconds,
        (processorTime() - processor) / count,
        (double) (after[0] - machine[0]) / (after[1] - machine[1]));
  }

  /** The server's processor time, in milliseconds. */
  private double processorTime() {
    return Objects.requireNonNull(process).info().totalCpuDuration().orElseThrow().toNanos() / 1e6;
  }

  /** How long the machine's processors were idle, and how long in all, in its ticks. */
  private static long[] machineTime() throws IOException {
    String[] ticks = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +");
    long all = 0;
    for (int i = 1; i <= 8; i++) { // what follows is part of the others
      all += Long.parseLong(ticks[i]);
    }
    return new long[] {Long.parseLong(ticks[4]) + Long.parseLong(ticks[5]), all};
  }

  /** Half of what it can do, evenly spread; tells how long the slowest hundredth waited. */
  void halfLoad(double perSecond) throws Exception {
    int count = (int) Math.max(200, perSecond * 5);
    ConcurrentLinkedQueue<Double> times = new ConcurrentLinkedQueue<>();
    long start = System.nanoTime();
    Clients.inParallel(
        count,
        number -> {
          long due = start + (long) (number / perSecond * 1e9);
          for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
          }
          newRun();
          times.add((System.nanoTime() - due) / 1e6);
        });
    List<Double> sorted = new ArrayList<>(times);
    Collections.sort(sorted);
    System.out.printf(
        "create_flow_run at half load (%.0f/s), %s: half within %.1f ms, 99%% within %.1f ms%n",
        perSecond, name, sorted.get(sorted.size() / 2), sorted.get(sorted.size() * 99 / 100));
  }

  private String newRun() throws Exception {
    return id("POST", "/deployments/" + deployment + "/create_flow_run", Map.of());
  }

  private void setStates() throws Exception {
    String next = runs.remove();
    for (String state : List.of("PENDING", "RUNNING", "COMPLETED")) {
      ask("POST", "/flow_runs/" + next + "/set_state", Map.of("state", Map.of("type", state)));
    }
  }

  private void readBlock() throws Exception {
    ask("GET", "/block_documents/" + block + "?include_secrets=true", null);
  }

  private void writeLogs() throws Exception {
    Map<String, Object> line =
        Map.of(
            "flow_run_id",
            run,
            "name",
            "flow",
            "level",
            20,
            "message",
            "a line of a log, as programs write it",
            "timestamp",
            Instant.now().toString());
    ask("POST", "/logs/", Collections.nCopies(100, line));
  }

  private void poll() throws Exception {
    ask(
        "POST",
        "/work_queues/" + queue + "/get_runs",
        Map.of("limit", 10, "scheduled_before", Instant.now().toString()));
  }

  private void filter() throws Exception {
    ask(
        "POST",
        "/flow_runs/filter",
        Map.of(
            "sort",
            "EXPECTED_START_TIME_DESC",
            "limit",
            100,
            "flow_runs",
            Map.of("state", Map.of("type", Map.of("any_", List.of("COMPLETED"))))));
  }

  /** Copies a run in a state many times: by SQL, since that would take the reference hours. */
  void fill(String state, int count) throws Exception {
    String original = newRun();
    if (state.equals("COMPLETED")) {
      runs.add(original);
      setStates();
    }
    String number = isPostgres() ? "lpad(to_hex(n), 12, '0')" : "printf('%012x', n)";
    // the copies of one run are an hour apart
    String earlier =
        isReference
            ? "strftime('%%Y-%%m-%%d %%H:%%M:%%f000', %s, '-' || n || ' hours')"
            : "%s - n * 3600000000";
    String numbers =
        isPostgres()
            ? "generate_series(1, " + count + ") n"
            : "(with recursive s(n) as (select 1 union all select n + 1 from s where n < "
                + count
                + ") select n from s)";
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      List<String> columns = new ArrayList<>();
      List<String> values = new ArrayList<>();
      try (ResultSet rows = connection.getMetaData().getColumns(null, null, "flow_run", null)) {
        while (rows.next()) {
          // in PostgreSQL of each schema, and here there is one
          String column = rows.getString("COLUMN_NAME");
          columns.add(column);
          values.add(
              switch (column) {
                case "id" -> "substr(id, 1, 24) || " + number;
                case "name" -> "name || n";
                case "idempotency_key" -> "null";
                // or a service would be busy with marking them
                case "state_name" -> state.equals("SCHEDULED") ? "'Late'" : column;
                case "expected_start_time", "next_scheduled_start_time" ->
                    earlier.formatted(column);
                default -> column;
              });
        }
      }
      statement.execute(
          "insert into flow_run ("
              + String.join(", ", columns)
              + ") select "
              + String.join(", ", values)
              + " from flow_run, "
              + numbers
              + " where id = '"
              + original
              + "'");
      statement.execute("analyze");
    }
  }

  private Connection open() throws SQLException {
    return open(database);
  }

  static Connection open(String url) throws SQLException {
    return url.startsWith("jdbc:postgresql:")
        ? DriverManager.getConnection(
            url.replaceAll("//.*@", "//"),
            url.replaceAll(".*//(.*)@.*", "$1"),
            System.getenv("POSTGRES_PASSWORD"))
        : DriverManager.getConnection(url);
  }

  /** What a client asks of a server. */
  @SuppressWarnings("ImmutableEnumChecker") // its questions have no state
  enum Operation {
    CREATE(2000, 40, MeasuredServer::newRun),
    SET_STATES(900, 20, MeasuredServer::setStates),
    READ_BLOCK(4000, 200, MeasuredServer::readBlock),
    WRITE_LOGS(400, 40, MeasuredServer::writeLogs),
    POLL(400, 24, MeasuredServer::poll),
    FILTER(400, 24, MeasuredServer::filter);

    private final int ours;
    private final int theirs;
    private final Question question;

    Operation(int ours, int theirs, Question question) {
      this.ours = ours;
      this.theirs = theirs;
      this.question = question;
    }

    boolean needsRuns() {
      return this == SET_STATES;
    }

    /** How often it is done in a round. */
    int count(MeasuredServer server, double share) {
      return Math.max(Clients.COUNT, (int) ((server.isReference ? theirs : ours) * share));
    }

    void run(MeasuredServer server) throws Exception {
      question.ask(server);
    }
  }

  /** One request, or several. */
  private interface Question {
    void ask(MeasuredServer server) throws Exception;
  }
}
