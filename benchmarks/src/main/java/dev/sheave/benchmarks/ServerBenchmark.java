package dev.sheave.benchmarks;

import dev.sheave.Sheave;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.RunClaim;
import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.block.Secret;
import dev.sheave.internal.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Measures servers by what {@value #CLIENTS} clients ask of them over HTTP: Sheave's on SQLite,
 * beside the reference's on SQLite, and Sheave's on PostgreSQL. They take turns, and medians are
 * printed. Everything stays as durable as it is by default, which is checked.
 *
 * <p>{@code bin/bench server} runs it.
 */
public final class ServerBenchmark {
  static final int CLIENTS = 8;

  private static final int CLAIMED_AT_ONCE = 20;
  private static final int CLAIMED = 20_000;

  private ServerBenchmark() {}

  /**
   * Measures.
   *
   * @param args the launcher, an empty folder, the number of rounds, the reference's Python, a
   *     percentage of the numbers of requests, and then the parts; the database is in the
   *     environment
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    int rounds = Integer.parseInt(args[2]);
    double share = Integer.parseInt(args[4]) / 100.0;
    List<String> parts = List.of(args).subList(5, args.length);
    String server = System.getenv("POSTGRES_URL");
    String name = "bench_" + System.currentTimeMillis();
    String database = server.replaceFirst("[^/]*$", name);
    execute(server, "create database " + name);
    Measured sqlite = Measured.sheave("SQLite", args[0], folder.resolve("sqlite"), null);
    Measured reference = Measured.reference(args[3], folder.resolve("reference"));
    Measured postgres = Measured.sheave("PostgreSQL", args[0], folder.resolve("pg"), database);
    List<Measured> all = List.of(sqlite, reference, postgres);
    try {
      firstAnswers(all, parts.contains("start") ? rounds : 0);
      for (Measured each : all) {
        each.prepare();
        each.checkDurability();
      }
      Rounds measured = new Rounds(all, rounds, share);
      if (parts.contains("calls")) {
        measured.calls();
        print("most memory under load, MiB", all, each -> each.memory("VmHWM:"), "%.0f");
        blockLoad(sqlite);
      }
      if (parts.contains("lists")) {
        measured.lists();
      }
      if (parts.contains("claims")) {
        claims(postgres);
      }
    } finally {
      for (Measured each : all) {
        each.stop();
      }
      execute(server, "drop database " + name);
    }
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(String url) throws SQLException {
    return url.startsWith("jdbc:postgresql:")
        ? DriverManager.getConnection(
            url.replaceAll("//.*@", "//"),
            url.replaceAll(".*//(.*)@.*", "$1"),
            System.getenv("POSTGRES_PASSWORD"))
        : DriverManager.getConnection(url);
  }

  private static void firstAnswers(List<Measured> all, int rounds) throws Exception {
    Map<Measured, List<Double>> times = new HashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (Measured server : all) {
        server.stop();
        double time = server.start();
        if (round > 0) { // the first one makes the database
          times.computeIfAbsent(server, each -> new ArrayList<>()).add(time);
        }
      }
    }
    if (rounds > 0) {
      print(
          "first answer, s", all, server -> median(times.getOrDefault(server, List.of())), "%.2f");
      Thread.sleep(5000);
      print("memory idle, MiB", all, server -> server.memory("VmRSS:"), "%.0f");
    }
  }

  /** A value of a server. */
  private interface Value {
    double of(Measured server) throws Exception;
  }

  private static void print(String what, List<Measured> all, Value value, String format)
      throws Exception {
    StringBuilder line = new StringBuilder(what).append(':');
    List<Double> values = new ArrayList<>();
    for (Measured server : all) {
      values.add(value.of(server));
      line.append(' ').append(server.name).append(' ');
      line.append(String.format(format, values.get(values.size() - 1))).append(',');
    }
    System.out.printf("%s SQLite to reference %.2f%n", line, values.get(0) / values.get(1));
  }

  /** What is measured in rounds. */
  private record Rounds(List<Measured> all, int rounds, double share) {

    void calls() throws Exception {
      Map<Measured, Double> created = rate("create_flow_run", Operation.CREATE, 1);
      rate("set_state", Operation.SET_STATES, 3);
      rate("block read", Operation.READ_BLOCK, 1);
      rate("log batch of 100 lines", Operation.WRITE_LOGS, 1);
      for (Measured server : all) {
        if (!server.isReference) {
          server.halfLoad(created.getOrDefault(server, 1.0) / 2);
        }
      }
    }

    void lists() throws Exception {
      fill("SCHEDULED", 1000);
      rate("queue poll, 1,000 due", Operation.POLL, 1);
      fill("COMPLETED", 100_000);
      rate("filter of 100,000 runs", Operation.FILTER, 1);
      fill("SCHEDULED", 99_000);
      rate("queue poll, 100,000 due", Operation.POLL, 1);
    }

    private void fill(String state, int count) throws Exception {
      for (Measured server : all) {
        server.fill(state, count);
      }
    }

    private Map<Measured, Double> rate(String what, Operation operation, int requests)
        throws Exception {
      Map<Measured, List<Double>> rates = new HashMap<>();
      for (int round = 0; round <= rounds; round++) {
        for (Measured server : all) {
          double rate = server.rate(operation.count(server, share), operation) * requests;
          if (round > 0) {
            rates.computeIfAbsent(server, each -> new ArrayList<>()).add(rate);
          }
        }
      }
      Map<Measured, Double> medians = new HashMap<>();
      rates.forEach((server, values) -> medians.put(server, median(values)));
      print(what + ", 1/s", all, server -> medians.getOrDefault(server, Double.NaN), "%.0f");
      return medians;
    }
  }

  /** What a client asks of a server. */
  @SuppressWarnings("ImmutableEnumChecker") // its questions have no state
  private enum Operation {
    CREATE(2000, 40, Measured::newRun),
    SET_STATES(900, 20, Measured::setStates),
    READ_BLOCK(4000, 200, Measured::readBlock),
    WRITE_LOGS(400, 40, Measured::writeLogs),
    POLL(400, 24, Measured::poll),
    FILTER(400, 24, Measured::filter);

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
    int count(Measured server, double share) {
      return Math.max(CLIENTS, (int) ((server.isReference ? theirs : ours) * share));
    }

    void run(Measured server) throws Exception {
      question.ask(server);
    }
  }

  /** One request, or several. */
  private interface Question {
    void ask(Measured server) throws Exception;
  }

  /** What a server answered. */
  private record Answer(int status, String body) {}

  /**
   * A connection to a server, which costs this program so little that it measures the server: the
   * JDK's client takes as much of the processor as an answer does. Used by one thread.
   */
  private static final class LeanConnection {
    private final Socket socket;
    private final InputStream answers;
    private long lastUse = System.nanoTime();

    LeanConnection(int port) throws IOException {
      socket = new Socket("127.0.0.1", port);
      socket.setTcpNoDelay(true);
      answers = new BufferedInputStream(socket.getInputStream(), 64 << 10);
    }

    /** Whether the server may have closed it; the reference does after five seconds. */
    boolean isOld() {
      return System.nanoTime() - lastUse > 3_000_000_000L;
    }

    Answer send(String method, String path, String body) throws IOException {
      lastUse = System.nanoTime();
      byte[] content = body.getBytes(StandardCharsets.UTF_8);
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      String head =
          "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n";
      request.writeBytes(
          head.formatted(method, path, socket.getPort(), content.length)
              .getBytes(StandardCharsets.US_ASCII));
      request.writeBytes(content);
      socket.getOutputStream().write(request.toByteArray());
      int status = Integer.parseInt(line().split(" ")[1]);
      int length = 0;
      for (String header = line(); !header.isEmpty(); header = line()) {
        String[] parts = header.toLowerCase(Locale.ROOT).split(": *", 2);
        if (parts[0].equals("transfer-encoding")) {
          throw new IllegalStateException("the answer has no length");
        }
        if (parts[0].equals("content-length")) {
          length = Integer.parseInt(parts[1]);
        }
      }
      return new Answer(status, new String(answers.readNBytes(length), StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = answers.read(); next != '\n'; next = answers.read()) {
        if (next < 0) {
          throw new EOFException("The server closed the connection.");
        }
        if (next != '\r') {
          line.append((char) next);
        }
      }
      return line.toString();
    }
  }

  /** A server, with the records that it is asked about. */
  private static final class Measured {
    final String name;
    final boolean isReference;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path folder;
    private final String database;
    private final int port;
    private @Nullable Process process;
    private String deployment = "";
    private String queue = "";
    private String run = "";
    private String block = "";
    private final ConcurrentLinkedQueue<String> runs = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<@Nullable LeanConnection> connections = new ThreadLocal<>();

    private Measured(
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

    static Measured sheave(String name, String launcher, Path home, @Nullable String url)
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
      return new Measured(name, false, port, command, environment, home, database);
    }

    /** As {@code prefect server start}, without the services that hold its database. */
    static Measured reference(String python, Path home) throws IOException {
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
      return new Measured("reference", true, port, command, environment, home, database);
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

    private Answer send(String method, String path, @Nullable String body) throws IOException {
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
     * Asks until there is an answer: the reference gives 503 while its database is locked, and
     * closes connections that were idle for five seconds.
     */
    private String ask(String method, String path, @Nullable Object body)
        throws IOException, InterruptedException {
      while (true) {
        Answer answer;
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
      try (Connection connection = connect(database);
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

    /** Does an operation so often, and returns how often in a second. */
    double rate(int count, Operation operation) throws Exception {
      runs.clear();
      if (operation.needsRuns()) {
        inParallel(count, number -> runs.add(newRun()));
      }
      long start = System.nanoTime();
      inParallel(count, number -> operation.run(this));
      return count / ((System.nanoTime() - start) / 1e9);
    }

    /** Half of what it can do, evenly spread; tells how long the slowest hundredth waited. */
    void halfLoad(double perSecond) throws Exception {
      int count = (int) Math.max(200, perSecond * 5);
      ConcurrentLinkedQueue<Double> times = new ConcurrentLinkedQueue<>();
      long start = System.nanoTime();
      inParallel(
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
      try (Connection connection = connect(database);
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
  }

  /** What a client does with a number. */
  private interface Task {
    void run(int number) throws Exception;
  }

  /** Does something so often, by all clients. */
  private static void inParallel(int count, Task task) throws Exception {
    AtomicInteger next = new AtomicInteger();
    together(
        CLIENTS,
        client -> {
          for (int number = next.getAndIncrement();
              number < count;
              number = next.getAndIncrement()) {
            task.run(number);
          }
        });
  }

  /** Does something once by each of several threads. */
  private static void together(int threads, Task task) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        all.add(
            executor.submit(
                () -> {
                  task.run(thread);
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private static void blockLoad(Measured server) {
    List<Double> times = new ArrayList<>();
    try (Sheave sheave = Sheave.builder(Map.of()).url(server.url()).home(server.folder).connect()) {
      for (int i = 0; i < 1000; i++) {
        long start = System.nanoTime();
        sheave.blocks().load("secret/b");
        if (i >= 500) {
          times.add((System.nanoTime() - start) / 1e6);
        }
      }
    }
    System.out.printf("Block.load over HTTP, warm: %.2f ms%n", median(times));
  }

  /** Each of the clients has a connection to the database of its own. */
  private static void claims(Measured server) throws Exception {
    server.fill("SCHEDULED", CLAIMED);
    Set<UUID> claimed = ConcurrentHashMap.newKeySet();
    AtomicInteger count = new AtomicInteger();
    List<Sheave> connections = new ArrayList<>();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        connections.add(
            Sheave.builder(Map.of())
                .url(server.database)
                .key(Secret.of(System.getenv("POSTGRES_PASSWORD")))
                .home(server.folder)
                .connect());
      }
      long start = System.nanoTime();
      together(
          CLIENTS,
          client -> {
            RunClaim claim =
                new RunClaim("o" + client, Duration.ofHours(1), Instant.now(), CLAIMED_AT_ONCE);
            WorkPoolApi pools = connections.get(client).api().workPools();
            while (count.get() < CLAIMED) {
              List<FlowRunRecord> some =
                  pools.claimRuns(WorkQueueApi.DEFAULT_POOL, Set.of("q"), claim);
              some.forEach(each -> claimed.add(each.id()));
              count.addAndGet(some.size());
            }
          });
      System.out.printf(
          "claims by %d connections, %d at once, PostgreSQL: %.0f/s; %d claims of %d runs%n",
          CLIENTS,
          CLAIMED_AT_ONCE,
          count.get() / ((System.nanoTime() - start) / 1e9),
          count.get(),
          claimed.size());
      if (claimed.size() != count.get()) {
        throw new IllegalStateException("a run was claimed twice");
      }
    } finally {
      connections.forEach(Sheave::close);
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
