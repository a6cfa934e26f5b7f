package dev.sheave.benchmarks.transfer;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Moves trees to an S3 server and back by Sheave and by others, which take turns, and prints a
 * table of medians.
 *
 * <p>Arguments: {@code --scenarios=small,large,application --peers=… --rounds=5 --latency=0,20
 * --tls=no --work=FOLDER --server-pid=PID --NAME=TOOL}. The Java peers have a process each, which
 * does some rounds that aren't counted first: what they don't send again doesn't warm them up. The
 * others start anew for each move, as they do for their users.
 */
public final class TransferBenchmark {
  private final Map<String, String> options;
  private final Path work;

  /** Every tree differs, also between peers: otherwise a put would find it already there. */
  private int changes;

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  /** Of one peer: seconds by step, the server's processor seconds by step, and the heap. */
  private static final class Figures {
    private final Map<Step, List<Double>> seconds = new EnumMap<>(Step.class);
    private final Map<Step, List<Double>> serverSeconds = new EnumMap<>(Step.class);
    private long heapBytes;

    double median(Step step) {
      return medianOf(seconds.getOrDefault(step, List.of()));
    }

    double serverShare(Step step) {
      return medianOf(serverSeconds.getOrDefault(step, List.of())) / median(step);
    }

    private static double medianOf(List<Double> values) {
      List<Double> sorted = new ArrayList<>(values);
      Collections.sort(sorted);
      int n = sorted.size();
      return n == 0 ? Double.NaN : (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
    }
  }

  private TransferBenchmark(Map<String, String> options) {
    this.options = options;
    this.work = Path.of(option("work", "."));
  }

  private String option(String name, String otherwise) {
    return options.getOrDefault(name, otherwise);
  }

  /** Measures. */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> options = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (!argument.startsWith("--") || equals < 0) {
        throw new IllegalArgumentException(argument);
      }
      options.put(argument.substring(2, equals), argument.substring(equals + 1));
    }
    new TransferBenchmark(options).run();
  }

  private void run() throws IOException {
    for (String latency : option("latency", "0,20").split(",", -1)) {
      for (String name : option("scenarios", "small,large,application").split(",", -1)) {
        Scenario scenario = Scenario.valueOf(name.toUpperCase(Locale.ROOT));
        print(scenario, latency, measure(scenario, Integer.parseInt(latency)));
      }
    }
  }

  private Map<String, Figures> measure(Scenario scenario, int latency) throws IOException {
    boolean tls = !option("tls", "yes").equals("no");
    URI server = URI.create(String.valueOf(System.getenv(tls ? "S3_TLS_ENDPOINT" : "S3_ENDPOINT")));
    if (latency == 0) {
      return measure(scenario, server.toString());
    }
    try (DelayProxy proxy =
        new DelayProxy(
            new InetSocketAddress(server.getHost(), server.getPort()),
            Duration.ofMillis(latency))) {
      return measure(scenario, server.getScheme() + "://127.0.0.1:" + proxy.port());
    }
  }

  private Map<String, Figures> measure(Scenario scenario, String endpoint) throws IOException {
    Path source = work.resolve("source");
    for (String folder : List.of("source", "target", "cache")) {
      remove(work.resolve(folder));
    }
    scenario.write(source);
    Map<String, Figures> figures = new LinkedHashMap<>();
    List<Peer> peers = new ArrayList<>();
    try {
      for (String name :
          option("peers", "sheave,sheave-bundle,transfer-manager,s5cmd").split(",", -1)) {
        peers.add(Peer.of(name, endpoint, options));
        figures.put(name, new Figures());
      }
      int rounds = Integer.parseInt(option("rounds", "5"));
      for (int round = -scenario.warmUps(); round <= rounds; round++) {
        for (Peer peer : peers) {
          if (round < 0 && !peer.warmsUp()) {
            continue;
          }
          measureRound(scenario, peer, round, figures.getOrDefault(peer.name(), new Figures()));
        }
      }
    } finally {
      for (Peer peer : peers) {
        peer.close();
      }
      remove(source);
    }
    return figures;
  }

  private void measureRound(Scenario scenario, Peer peer, int round, Figures figures)
      throws IOException {
    String place = "bench/" + peer.name() + "-" + System.nanoTime();
    Path source = work.resolve("source");
    Path target = Files.createDirectories(work.resolve("target"));
    Path cache = work.resolve("cache");
    for (Step step : Step.values()) {
      if (step == Step.PUT_ONE) {
        scenario.change(source, changes++);
      }
      double serverBefore = serverSeconds();
      Peer.Taken taken = peer.move(step, place, step.isPut() ? source : target, cache);
      double serverAfter = serverSeconds();
      figures.heapBytes = Math.max(figures.heapBytes, taken.heapBytes());
      if (round > 0) {
        add(figures.seconds, step, taken.nanos() / 1e9);
        add(figures.serverSeconds, step, serverAfter - serverBefore);
      }
    }
    long got = count(target);
    if (got != count(source)) {
      throw new IOException(peer.name() + " brought " + got + " files back");
    }
    remove(target);
    remove(cache);
    removeFromServer(place);
  }

  private static void add(Map<Step, List<Double>> all, Step step, double value) {
    all.computeIfAbsent(step, key -> new ArrayList<>()).add(value);
  }

  /** What the server's process used of all processors so far; 0 if it can't be told. */
  private double serverSeconds() {
    return ProcessHandle.of(Long.parseLong(option("server-pid", "0")))
        .flatMap(process -> process.info().totalCpuDuration())
        .map(used -> used.toNanos() / 1e9)
        .orElse(0.0);
  }

  /** The server keeps objects as files. */
  private void removeFromServer(String place) throws IOException {
    String objects = option("server-objects", "");
    if (!objects.isEmpty()) {
      remove(Path.of(objects, place));
    }
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> paths = new ArrayList<>(all.toList());
      Collections.reverse(paths);
      for (Path path : paths) {
        Files.deleteIfExists(path);
      }
    }
  }

  private void print(Scenario scenario, String latency, Map<String, Figures> figures) {
    out.printf("%n%s, %s ms added latency: seconds%n%n", scenario.title(), latency);
    out.printf("| |%s peak heap, MiB |%n", columns(" %s |", Step::title));
    out.printf("|---|%s---:|%n", columns("---:|", Step::title));
    figures.forEach(
        (name, of) ->
            out.printf(
                "| %s |%s %s |%n",
                name,
                columns(" %s |", step -> String.format(Locale.ROOT, "%.2f", of.median(step))),
                of.heapBytes == 0 ? "" : of.heapBytes >> 20));
    out.printf("%nProcessors that the server kept busy meanwhile, of %d%n%n", processors());
    figures.forEach(
        (name, of) ->
            out.printf(
                "| %s |%s%n",
                name,
                columns(
                    " %s |", step -> String.format(Locale.ROOT, "%.2f", of.serverShare(step)))));
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static String columns(String format, Function<Step, String> text) {
    StringBuilder line = new StringBuilder();
    Arrays.stream(Step.values())
        .forEach(step -> line.append(String.format(Locale.ROOT, format, text.apply(step))));
    return line.toString();
  }
}
