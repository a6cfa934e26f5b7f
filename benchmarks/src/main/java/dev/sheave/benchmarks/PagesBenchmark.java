package dev.sheave.benchmarks;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.LoadState;
import dev.sheave.Sheave;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.LogLevel;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Measures the pages of a server, in Chromium on this machine: what the first page costs, beside
 * that of the reference's server; the list of {@value #RUNS} runs; a log of {@value #LINES} lines;
 * and {@value #READERS} readers who each follow the log of a run that writes {@value
 * #LINES_PER_SECOND} lines a second.
 *
 * <p>{@code bin/bench pages} runs it.
 */
public final class PagesBenchmark {
  static final int RUNS = 100_000;
  static final int LINES = 1_000_000;
  static final int READERS = 500;
  static final int LINES_PER_SECOND = 10;

  private static final int SECONDS = 20;
  private static final Pattern ADDRESS = Pattern.compile("Pages: (http\\S+)/");
  private static final Pattern WRITTEN = Pattern.compile("\"written (\\d+)\"");

  private PagesBenchmark() {}

  /**
   * Measures.
   *
   * @param args the launcher, an empty folder, the number of rounds, and the address of the
   *     reference's pages if they are to be measured beside
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    int rounds = Integer.parseInt(args[2]);
    String reference = args.length > 3 ? args[3] : null;
    Path home = Files.createDirectories(folder.resolve("home"));
    try (Sheave sheave =
        Sheave.builder(Map.of())
            .url("jdbc:sqlite:" + home.resolve("sheave.db"))
            .home(home)
            .connect()) {
      Process server = start(args[0], folder, home);
      try {
        String address = address(folder.resolve("server.out"), server);
        firstPages(address, reference, rounds);
        List<UUID> followed = createRuns(sheave, home);
        list(address, rounds);
        longLog(sheave.api().flowRuns(), followed.remove(READERS), home, address, rounds);
        follow(sheave.api().flowRuns(), followed, address, server.pid());
      } finally {
        server.destroy();
        server.waitFor();
      }
    }
  }

  private static Process start(String launcher, Path folder, Path home) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(launcher, "server", "start", "--port", "0")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("server.out").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SHEAVE_"));
    builder.environment().put("SHEAVE_HOME", home.toString());
    builder.environment().put("SHEAVE_API_URL", "jdbc:sqlite:" + home.resolve("sheave.db"));
    return builder.start();
  }

  private static String address(Path said, Process server) throws Exception {
    while (server.isAlive()) {
      Matcher matcher = ADDRESS.matcher(Files.readString(said));
      if (matcher.find()) {
        return matcher.group(1);
      }
      Thread.sleep(20);
    }
    throw new IllegalStateException("The server ended: " + Files.readString(said));
  }

  /** What a page costs whoever opens it with an empty cache. */
  private record Cost(double kilobytes, double paintMillis) {}

  private static void firstPages(String address, @Nullable String reference, int rounds) {
    try (Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")))) {
      Browser browser =
          playwright
              .chromium()
              .launch(
                  new LaunchOptions()
                      .setExecutablePath(Path.of("/usr/bin/chromium"))
                      .setArgs(List.of("--no-sandbox", "--disable-gpu")));
      List<Cost> ours = new ArrayList<>();
      List<Cost> theirs = new ArrayList<>();
      for (int round = 0; round <= rounds; round++) {
        Cost our = open(browser, address + "/");
        Cost their = reference == null ? null : open(browser, reference);
        if (round > 0) {
          ours.add(our);
          if (their != null) {
            theirs.add(their);
          }
        }
      }
      System.out.printf(
          "first page: %.0f kB over the wire, first paint after %.0f ms%n",
          Median.of(ours.stream().map(Cost::kilobytes).toList()),
          Median.of(ours.stream().map(Cost::paintMillis).toList()));
      if (!theirs.isEmpty()) {
        double paint = Median.of(theirs.stream().map(Cost::paintMillis).toList());
        System.out.printf(
            "the reference's: %.0f kB, %.0f ms; ratio %.2f%n",
            Median.of(theirs.stream().map(Cost::kilobytes).toList()),
            paint,
            Median.of(ours.stream().map(Cost::paintMillis).toList()) / paint);
      } else {
        System.out.println("the reference's: not measured, its server isn't here");
      }
    }
  }

  private static Cost open(Browser browser, String address) {
    try (BrowserContext context = browser.newContext()) {
      Page page = context.newPage();
      AtomicLong bytes = new AtomicLong();
      CDPSession session = context.newCDPSession(page);
      session.send("Network.enable");
      session.on(
          "Network.loadingFinished",
          event -> bytes.addAndGet(event.get("encodedDataLength").getAsLong()));
      page.navigate(address);
      page.waitForLoadState(LoadState.NETWORKIDLE);
      Object paint =
          page.waitForFunction(
                  "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
              .jsonValue();
      return new Cost(bytes.get() / 1000.0, ((Number) paint).doubleValue());
    }
  }

  /** Fills the list of runs; returns those that are followed, and one whose log gets long. */
  private static List<UUID> createRuns(Sheave sheave, Path home) throws SQLException {
    System.err.println("creating " + RUNS + " runs");
    FlowRunApi api = sheave.api().flowRuns();
    UUID flow = sheave.api().deployments().createFlow("log-flow").id();
    List<UUID> followed = new ArrayList<>();
    for (int i = 0; i <= READERS; i++) {
      UUID run = api.createFlowRunOfFlow(flow, NewFlowRun.at(Instant.now())).id();
      api.setFlowRunState(run, State.of(StateType.RUNNING), true);
      followed.add(run);
    }
    for (StateType type : List.of(StateType.COMPLETED, StateType.FAILED, StateType.CRASHED)) {
      UUID run = api.createFlowRunOfFlow(flow, NewFlowRun.at(Instant.now())).id();
      api.setFlowRunState(run, State.of(StateType.RUNNING), true);
      api.setFlowRunState(run, State.of(type), true);
      copy(home, run, (RUNS - READERS) / 3);
    }
    return followed;
  }

  /** Copies a run many times, each an hour earlier than the one before. */
  private static void copy(Path home, UUID run, int count) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + home.resolve("sheave.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("pragma busy_timeout = 60000");
      List<String> columns = new ArrayList<>();
      List<String> values = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery("pragma table_info(flow_run)")) {
        while (rows.next()) {
          String column = rows.getString("name");
          columns.add(column);
          values.add(
              switch (column) {
                case "id" -> "lower(printf('%s%012x', substr(r.id, 1, 24), n.value))";
                case "name" -> "r.name || '-' || n.value";
                case "idempotency_key" -> "null";
                case "start_time", "expected_start_time", "end_time" ->
                    "r." + column + " - n.value * 3600000000";
                default -> "r." + column;
              });
        }
      }
      statement.execute(
          "with recursive n(value) as (select 1 union all select value + 1 from n where value < "
              + count
              + ") insert into flow_run ("
              + String.join(", ", columns)
              + ") select "
              + String.join(", ", values)
              + " from n, flow_run r where r.id = '"
              + run
              + "'");
    }
  }

  private static void list(String address, int rounds) throws Exception {
    System.out.printf("%,d runs%n", RUNS);
    load(
        address,
        rounds,
        "/runs",
        "/runs?page=1000",
        "/runs?state=FAILED",
        "/runs?q=9",
        "/runs?period=7d");
  }

  private static void longLog(FlowRunApi api, UUID run, Path home, String address, int rounds)
      throws Exception {
    System.err.println("writing " + LINES + " lines");
    String message = "a line of a long log, as programs write it";
    api.createLogs(List.of(new NewLogLine(run, "flow", LogLevel.INFO, message, Instant.now())));
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + home.resolve("sheave.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("pragma busy_timeout = 60000");
      statement.execute(
          "with recursive n(value) as (select 1 union all select value + 1 from n where value < "
              + LINES
              + ") insert into log (flow_run_id, name, level, message, timestamp) select"
              + " l.flow_run_id, l.name, l.level, l.message || ' ' || n.value, l.timestamp from n,"
              + " log l where l.flow_run_id = '"
              + run
              + "'");
    }
    System.out.printf("a log of %,d lines%n", LINES);
    String page = "/runs/" + run;
    load(address, rounds, page, page + "?find=log+500000", page + "?find=nowhere", page + "/log");
  }

  private static void load(String address, int rounds, String... paths) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    for (String path : paths) {
      List<Double> times = new ArrayList<>();
      for (int round = 0; round <= rounds; round++) {
        long start = System.nanoTime();
        int status =
            client
                .send(
                    HttpRequest.newBuilder(URI.create(address + path)).build(),
                    BodyHandlers.ofByteArray())
                .statusCode();
        if (status != 200) {
          throw new IllegalStateException(path + " gives " + status);
        }
        if (round > 0) {
          times.add((System.nanoTime() - start) / 1e6);
        }
      }
      System.out.printf(
          "  %s: %.0f ms%n", path.replaceAll("[0-9a-f-]{36}", "ID"), Median.of(times));
    }
  }

  private static void follow(FlowRunApi api, List<UUID> runs, String address, long server)
      throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    ConcurrentLinkedQueue<Double> delays = new ConcurrentLinkedQueue<>();
    for (UUID run : runs) {
      client
          .sendAsync(
              HttpRequest.newBuilder(URI.create(address + "/runs/" + run + "/log/stream")).build(),
              BodyHandlers.ofLines())
          .thenAcceptAsync(
              answer ->
                  answer
                      .body()
                      .forEach(
                          line -> {
                            Matcher matcher = WRITTEN.matcher(line);
                            if (matcher.find()) {
                              long written = Long.parseLong(matcher.group(1));
                              delays.add((System.nanoTime() - written) / 1e6);
                            }
                          }),
              work -> {
                Thread reader = new Thread(work, "reader");
                reader.setDaemon(true);
                reader.start();
              });
    }
    int threads = 0;
    for (int tick = 0; tick < SECONDS * LINES_PER_SECOND; tick++) {
      long next = System.nanoTime() + 1_000_000_000 / LINES_PER_SECOND;
      List<NewLogLine> lines = new ArrayList<>();
      for (UUID run : runs) {
        String message = "written " + System.nanoTime();
        lines.add(new NewLogLine(run, "flow", LogLevel.INFO, message, Instant.now()));
      }
      api.createLogs(lines);
      threads = Math.max(threads, threadsOf(server));
      while (System.nanoTime() < next) {
        Thread.sleep(1);
      }
    }
    long expected = (long) SECONDS * LINES_PER_SECOND * runs.size();
    long end = System.nanoTime() + 10_000_000_000L;
    while (delays.size() < expected && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    List<Double> sorted = new ArrayList<>(delays);
    Collections.sort(sorted);
    System.out.printf(
        "%d followed logs at %d lines a second: %,d of %,d lines came, half of them within %.0f ms,"
            + " 95%% within %.0f ms; %d threads in the server%n",
        runs.size(),
        LINES_PER_SECOND,
        sorted.size(),
        expected,
        sorted.get(sorted.size() / 2),
        sorted.get((int) (sorted.size() * 0.95)),
        threads);
  }

  private static int threadsOf(long process) throws IOException {
    return Files.readAllLines(Path.of("/proc", String.valueOf(process), "status")).stream()
        .filter(line -> line.startsWith("Threads:"))
        .mapToInt(line -> Integer.parseInt(line.substring("Threads:".length()).strip()))
        .findFirst()
        .orElse(0);
  }
}
