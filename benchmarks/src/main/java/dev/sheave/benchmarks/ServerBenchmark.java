package dev.sheave.benchmarks;

import dev.sheave.Sheave;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.RunClaim;
import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.block.Secret;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * Measures servers by what {@value Clients#COUNT} clients ask of them over HTTP: Sheave's on
 * SQLite, beside the reference's on SQLite, and Sheave's on PostgreSQL. They take turns, and
 * medians are printed. Everything stays as durable as it is by default, which is checked.
 *
 * <p>{@code bin/bench server} runs it.
 */
public final class ServerBenchmark {
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
    MeasuredServer sqlite =
        MeasuredServer.sheave("SQLite", args[0], folder.resolve("sqlite"), null);
    MeasuredServer reference = MeasuredServer.reference(args[3], folder.resolve("reference"));
    MeasuredServer postgres =
        MeasuredServer.sheave("PostgreSQL", args[0], folder.resolve("pg"), database);
    List<MeasuredServer> all = List.of(sqlite, reference, postgres);
    try {
      firstAnswers(all, parts.contains("start") ? rounds : 0);
      for (MeasuredServer each : all) {
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
      for (MeasuredServer each : all) {
        each.stop();
      }
      execute(server, "drop database " + name);
    }
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = MeasuredServer.open(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void firstAnswers(List<MeasuredServer> all, int rounds) throws Exception {
    Map<MeasuredServer, List<Double>> times = new HashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (MeasuredServer server : all) {
        server.stop();
        double time = server.start();
        if (round == 0) { // makes the database, and the class data archives in the background
          server.awaitArchives();
        } else {
          times.computeIfAbsent(server, each -> new ArrayList<>()).add(time);
        }
      }
    }
    if (rounds > 0) {
      print(
          "first answer, s",
          all,
          server -> Median.of(times.getOrDefault(server, List.of())),
          "%.2f");
      Thread.sleep(5000);
      print("memory idle, MiB", all, server -> server.memory("VmRSS:"), "%.0f");
    }
  }

  /** A value of a server. */
  private interface Value {
    double of(MeasuredServer server) throws Exception;
  }

  private static void print(String what, List<MeasuredServer> all, Value value, String format)
      throws Exception {
    StringBuilder line = new StringBuilder(what).append(':');
    List<Double> values = new ArrayList<>();
    for (MeasuredServer server : all) {
      values.add(value.of(server));
      line.append(' ').append(server.name).append(' ');
      line.append(String.format(format, values.get(values.size() - 1))).append(',');
    }
    System.out.printf("%s SQLite to reference %.2f%n", line, values.get(0) / values.get(1));
  }

  /** What is measured in rounds. */
  private record Rounds(List<MeasuredServer> all, int rounds, double share) {

    void calls() throws Exception {
      Map<MeasuredServer, Double> created =
          rate("create_flow_run", MeasuredServer.Operation.CREATE, 1);
      rate("set_state", MeasuredServer.Operation.SET_STATES, 3);
      rate("block read", MeasuredServer.Operation.READ_BLOCK, 1);
      rate("log batch of 100 lines", MeasuredServer.Operation.WRITE_LOGS, 1);
      for (MeasuredServer server : all) {
        if (!server.isReference) {
          server.halfLoad(created.getOrDefault(server, 1.0) / 2);
        }
      }
    }

    void lists() throws Exception {
      fill("SCHEDULED", 1000);
      rate("queue poll, 1,000 due", MeasuredServer.Operation.POLL, 1);
      fill("COMPLETED", 100_000);
      rate("filter of 100,000 runs", MeasuredServer.Operation.FILTER, 1);
      fill("SCHEDULED", 99_000);
      rate("queue poll, 100,000 due", MeasuredServer.Operation.POLL, 1);
    }

    private void fill(String state, int count) throws Exception {
      for (MeasuredServer server : all) {
        server.fill(state, count);
      }
    }

    private Map<MeasuredServer, Double> rate(
        String what, MeasuredServer.Operation operation, int requests) throws Exception {
      Map<MeasuredServer, List<MeasuredServer.Rate>> rates = new HashMap<>();
      for (int round = 0; round <= rounds; round++) {
        for (MeasuredServer server : all) {
          MeasuredServer.Rate rate = server.rate(operation.count(server, share), operation);
          if (round > 0) {
            rates.computeIfAbsent(server, each -> new ArrayList<>()).add(rate);
          }
        }
      }
      Map<MeasuredServer, Double> perSecond = medians(rates, rate -> rate.perSecond() * requests);
      Map<MeasuredServer, Double> times = medians(rates, rate -> rate.processorTime() / requests);
      Map<MeasuredServer, Double> idle = medians(rates, rate -> rate.idle() * 100);
      print(what + ", 1/s", all, server -> of(perSecond, server), "%.0f");
      print("  the server's processor time, ms", all, server -> of(times, server), "%.2f");
      print("  processors idle, %", all, server -> of(idle, server), "%.0f");
      return perSecond;
    }

    private static double of(Map<MeasuredServer, Double> values, MeasuredServer server) {
      return values.getOrDefault(server, Double.NaN);
    }

    private static Map<MeasuredServer, Double> medians(
        Map<MeasuredServer, List<MeasuredServer.Rate>> rates,
        ToDoubleFunction<MeasuredServer.Rate> value) {
      Map<MeasuredServer, Double> medians = new HashMap<>();
      rates.forEach(
          (server, all) ->
              medians.put(server, Median.of(all.stream().mapToDouble(value).boxed().toList())));
      return medians;
    }
  }

  private static void blockLoad(MeasuredServer server) {
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
    System.out.printf("Block.load over HTTP, warm: %.2f ms%n", Median.of(times));
  }

  /** Each of the clients has a connection to the database of its own. */
  private static void claims(MeasuredServer server) throws Exception {
    server.fill("SCHEDULED", CLAIMED);
    Set<UUID> claimed = ConcurrentHashMap.newKeySet();
    AtomicInteger count = new AtomicInteger();
    List<Sheave> connections = new ArrayList<>();
    try {
      for (int i = 0; i < Clients.COUNT; i++) {
        connections.add(
            Sheave.builder(Map.of())
                .url(server.database)
                .key(Secret.of(System.getenv("POSTGRES_PASSWORD")))
                .home(server.folder)
                .connect());
      }
      long start = System.nanoTime();
      Clients.together(
          Clients.COUNT,
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
          Clients.COUNT,
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
}
