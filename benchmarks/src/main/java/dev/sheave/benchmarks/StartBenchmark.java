package dev.sheave.benchmarks;

import dev.sheave.Sheave;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.Page;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Measures whole processes from their start to their end, one of each in every round, beside a bare
 * {@code java -version} and the reference's commands; and how long a run takes from Pending to
 * Running.
 *
 * <p>{@code bin/bench start} runs it. Peak memory is what Linux counts as a process's largest
 * resident set, read until the process ends.
 */
public final class StartBenchmark {
  private static final String FLOW =
      """
      public final class EmptyFlow {
        @dev.sheave.flow.Flow(name = "empty-flow")
        public static void empty() {}
      }
      """;

  /** As its users have it: three files to S3 too. */
  private static final String PREFECT_FLOW =
      """
      from prefect import flow

      @flow
      def empty():
          pass
      """;

  private static final String PREFECT_BLOCK =
      """
      import os
      from prefect.filesystems import RemoteFileSystem
      settings = dict(
          key=os.environ["S3_ACCESS_KEY_ID"], secret=os.environ["S3_SECRET_ACCESS_KEY"],
          client_kwargs=dict(endpoint_url=os.environ["S3_ENDPOINT"]))
      path = "s3://" + os.environ["S3_BUCKET"] + "/bench-prefect"
      RemoteFileSystem(basepath=path, settings=settings).save("bench")
      """;

  /** Commands, and those of the reference that do the same. */
  private static final Map<String, String> PREFECT =
      Map.of(
          "sheave version", "prefect version",
          "block ls", "prefect block ls",
          "deployment build, 3 files to S3", "prefect deployment build",
          "deployment apply", "prefect deployment apply");

  private final Path sheave;
  private final Path prefect;
  private final Path folder;
  private final Map<String, Measurements> results = new LinkedHashMap<>();

  private StartBenchmark(Path sheave, Path prefect, Path folder) {
    this.sheave = sheave;
    this.prefect = prefect;
    this.folder = folder;
  }

  /**
   * Runs the rounds.
   *
   * @param args the launcher, an empty folder, the number of rounds, a file with the class path of
   *     core, one with that of core and storage-s3, and the reference's programs
   */
  public static void main(String[] args) throws Exception {
    StartBenchmark benchmark =
        new StartBenchmark(Path.of(args[0]), Path.of(args[5]), Path.of(args[1]));
    benchmark.prepare();
    benchmark.preparePrefect();
    int rounds = Integer.parseInt(args[2]);
    for (int round = 1; round <= rounds; round++) {
      System.err.println("round " + round + " of " + rounds);
      benchmark.round();
    }
    benchmark.print(rounds);
    weigh("core", Path.of(args[3]));
    weigh("core + storage-s3", Path.of(args[4]));
  }

  private void prepare() throws Exception {
    Path code = Files.createDirectories(folder.resolve("code"));
    Files.writeString(code.resolve("EmptyFlow.java"), FLOW);
    Files.writeString(code.resolve("Helper.java"), "final class Helper {}\n");
    Files.writeString(code.resolve("data.txt"), "data\n");
    must("version"); // begins the class data archive
    Path archives = folder.resolve("home/cache/cds");
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (!hasArchive(archives) && System.nanoTime() < deadline) {
      Thread.sleep(200);
    }
    must(
        "block",
        "create",
        "s3",
        "bench",
        "--set",
        "bucket_path=" + System.getenv("S3_BUCKET") + "/bench-start",
        "--set",
        "endpoint_url=" + System.getenv("S3_ENDPOINT"),
        "--set",
        "region_name=us-east-1",
        "--set",
        "aws_access_key_id=@env:S3_ACCESS_KEY_ID",
        "--set",
        "aws_secret_access_key=@env:S3_SECRET_ACCESS_KEY");
    must(build());
    must("deployment", "apply", "bench.yaml");
    must(
        "deployment",
        "build",
        "EmptyFlow.java:empty",
        "-n",
        "here",
        "-q",
        "bench",
        "-o",
        "here.yaml",
        "--skip-upload",
        "--apply");
  }

  private void preparePrefect() throws Exception {
    Path code = Files.createDirectories(folder.resolve("prefect-code"));
    Files.writeString(code.resolve("flows.py"), PREFECT_FLOW);
    Files.writeString(code.resolve("helper.py"), "def help(): pass\n");
    Files.writeString(code.resolve("data.txt"), "data\n");
    run(code, List.of(prefect.resolve("python").toString(), "-c", PREFECT_BLOCK));
    run(code, prefectBuild());
  }

  private List<String> prefectBuild() {
    return prefect(
        "deployment",
        "build",
        "flows.py:empty",
        "-n",
        "s3",
        "-sb",
        "remote-file-system/bench",
        "-q",
        "bench",
        "-o",
        "bench.yaml");
  }

  private List<String> prefect(String... words) {
    return command(prefect.resolve("prefect"), words);
  }

  /** Whether the class data archives in a folder were made. */
  static boolean hasArchive(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (var files = Files.list(folder)) {
      List<String> names = files.map(Path::toString).toList();
      return names.stream().anyMatch(name -> name.endsWith(".jsa"))
          && names.stream().noneMatch(name -> name.endsWith(".lock"));
    }
  }

  private static String[] build() {
    return new String[] {
      "deployment",
      "build",
      "EmptyFlow.java:empty",
      "-n",
      "s3",
      "-sb",
      "s3/bench",
      "-q",
      "bench",
      "-o",
      "bench.yaml"
    };
  }

  private void round() throws Exception {
    measure("java -version", List.of(java(), "-version"));
    measure("sheave version", command("version"));
    measure("block ls", command("block", "ls"));
    measure("deployment build, 3 files to S3", command(build()));
    measure("deployment apply", command("deployment", "apply", "bench.yaml"));
    Path code = folder.resolve("prefect-code");
    measure("prefect version", code, prefect("version"));
    measure("prefect block ls", code, prefect("block", "ls"));
    measure("prefect deployment build", code, prefectBuild());
    measure("prefect deployment apply", code, prefect("deployment", "apply", "bench.yaml"));
    must("deployment", "run", "empty-flow/here");
    must("agent", "start", "-q", "bench", "--run-once");
    results
        .computeIfAbsent("Pending to Running, empty flow", name -> new Measurements())
        .add(pendingToRunning(), 0);
  }

  private static String java() {
    String home = System.getenv("JAVA_HOME");
    return home == null || home.isEmpty() ? "java" : home + "/bin/java";
  }

  private double pendingToRunning() {
    Path home = folder.resolve("home");
    try (Sheave connection =
        Sheave.builder().home(home).url("jdbc:sqlite:" + home.resolve("sheave.db")).connect()) {
      UUID run =
          connection
              .api()
              .flowRuns()
              .listFlowRuns(FlowRunFilter.ALL, FlowRunSort.CREATED_DESC, Page.first(1))
              .get(0)
              .id();
      List<State> states = connection.api().flowRuns().listFlowRunStates(run);
      return Duration.between(
                  entered(states, StateType.PENDING), entered(states, StateType.RUNNING))
              .toNanos()
          / 1e9;
    }
  }

  private static Instant entered(List<State> states, StateType type) {
    return states.stream()
        .filter(state -> state.type() == type)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("never " + type + ": " + states))
        .timestamp();
  }

  private List<String> command(String... words) {
    return command(sheave, words);
  }

  private static List<String> command(Path program, String... words) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of(words));
    return command;
  }

  private void must(String... words) throws Exception {
    run(folder.resolve("code"), command(words));
  }

  private void measure(String name, List<String> command) throws Exception {
    measure(name, folder.resolve("code"), command);
  }

  private void measure(String name, Path directory, List<String> command) throws Exception {
    long start = System.nanoTime();
    long peak = run(directory, command);
    results
        .computeIfAbsent(name, label -> new Measurements())
        .add((System.nanoTime() - start) / 1e9, peak);
  }

  /** Runs a command to its end and returns its peak memory in KiB. */
  private long run(Path directory, List<String> command) throws Exception {
    File log = folder.resolve("log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log);
    builder.environment().put("SHEAVE_HOME", folder.resolve("home").toString());
    builder.environment().put("PREFECT_HOME", folder.resolve("prefect").toString());
    builder.environment().keySet().removeAll(List.of("SHEAVE_API_URL", "PREFECT_API_URL"));
    builder.environment().remove("SHEAVE_CDS");
    Process process = builder.start();
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    long peak = 0;
    while (!process.waitFor(2, TimeUnit.MILLISECONDS)) {
      peak = Math.max(peak, residentPeak(status));
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException(command + ":\n" + Files.readString(log.toPath()));
    }
    return peak;
  }

  private static long residentPeak(Path status) {
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      // it has just ended, or this isn't Linux
    }
    return 0;
  }

  private void print(int rounds) {
    Map<String, double[]> aims =
        Map.of(
            "sheave version", new double[] {0.25, 80},
            "block ls", new double[] {0.6, 80},
            "deployment build, 3 files to S3", new double[] {1.0, 130},
            "deployment apply", new double[] {0.7, 80},
            "Pending to Running, empty flow", new double[] {0.6, 0});
    System.out.printf(
        "%nMedians of %d rounds, one of each a round; %s, %d processors%n%n",
        rounds,
        System.getProperty("java.runtime.version"),
        Runtime.getRuntime().availableProcessors());
    System.out.printf(
        "%-32s %8s %17s %7s %8s %14s%n", "", "seconds", "least to most", "ratio", "MiB", "aim");
    double bare = median("java -version");
    results.forEach(
        (name, measured) -> {
          double[] aim = aims.get(name);
          System.out.printf(
              Locale.ROOT,
              "%-32s %8.2f %17s %7.1f %8s %14s%n",
              name,
              measured.median(),
              String.format(Locale.ROOT, "%.2f - %.2f", measured.least(), measured.most()),
              measured.median() / bare,
              measured.peak() == 0 ? "" : Long.toString(measured.peak() / 1024),
              aim == null ? "" : aim[0] + (aim[1] == 0 ? " s" : " s, " + (int) aim[1]));
        });
    PREFECT.forEach(
        (ours, theirs) ->
            System.out.printf(
                Locale.ROOT, "%s: %.1f times as fast%n", theirs, median(theirs) / median(ours)));
    System.out.println();
  }

  private double median(String name) {
    return Objects.requireNonNull(results.get(name)).median();
  }

  private static void weigh(String name, Path file) throws IOException {
    List<String> jars = List.of(Files.readString(file).strip().split(File.pathSeparator));
    long bytes = 0;
    for (String jar : jars) {
      bytes += Files.size(Path.of(jar));
    }
    System.out.printf(
        Locale.ROOT, "%-32s %d jars, %.1f MB on a class path%n", name, jars.size(), bytes / 1e6);
  }

  /** What was measured of one thing. */
  private static final class Measurements {
    private final List<Double> seconds = new ArrayList<>();
    private final List<Long> peaks = new ArrayList<>();

    void add(double duration, long peak) {
      seconds.add(duration);
      peaks.add(peak);
    }

    double median() {
      return sorted().get(seconds.size() / 2);
    }

    double least() {
      return sorted().get(0);
    }

    double most() {
      return sorted().get(seconds.size() - 1);
    }

    long peak() {
      List<Long> copy = new ArrayList<>(peaks);
      Collections.sort(copy);
      return copy.get(copy.size() / 2);
    }

    private List<Double> sorted() {
      List<Double> copy = new ArrayList<>(seconds);
      Collections.sort(copy);
      return copy;
    }
  }
}
