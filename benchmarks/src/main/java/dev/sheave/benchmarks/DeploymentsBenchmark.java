package dev.sheave.benchmarks;

import dev.sheave.Sheave;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Measures deployed flows: the time from Pending to Running by the kind of code, the uploads when
 * an application is deployed again, and how fast a long log is recorded.
 *
 * <p>{@code bin/bench deployments} runs it.
 */
public final class DeploymentsBenchmark {
  private static final int JARS = 60;
  private static final int JAR_BYTES = 200_000;
  private static final int LINES = 100_000;

  private static final String EMPTY =
      """
      public final class EmptyFlow {
        @dev.sheave.flow.Flow(name = "%s")
        public static void empty() {}
      }
      """;

  /**
   * Does the same work with and without a line for each step of it, and returns how long it took.
   */
  private static final String LOGGING =
      """
      import dev.sheave.flow.*;

      public final class LoggingFlow {
        @Flow(name = "logging")
        public static double logging(@Param("lines") int lines, @Param("isLogging") boolean isLogging)
            throws Exception {
          org.slf4j.Logger logger = FlowRunContext.current().logger();
          var digest = java.security.MessageDigest.getInstance("SHA-256");
          byte[] data = new byte[8192];
          long start = System.nanoTime();
          for (int i = 0; i < lines; i++) {
            for (int part = 0; part < 8; part++) {
              data = java.util.Arrays.copyOf(digest.digest(data), data.length);
            }
            if (isLogging) {
              logger.info("step {} gave {}", i, data[0]);
            }
          }
          return (System.nanoTime() - start) / 1e9;
        }
      }
      """;

  private static final String APPLICATION =
      """
      import dev.sheave.deployment.Deployment;
      import dev.sheave.flow.Flow;

      public final class Application {
        @Flow(name = "application")
        public static void flow() {}

        public static void main(String[] args) {
          var uploaded = Deployment.buildFromFlow(Application::flow, "bench").build().upload();
          uploaded.apply();
          var summary = uploaded.uploadSummary().orElseThrow();
          System.out.println(summary.files() + " " + summary.moved() + " " + summary.bytes());
        }

        static final Object[] LIBRARIES = {%s};
      }
      """;

  private final Path sheave;
  private final Path folder;
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
  private final List<String> counts = new ArrayList<>();

  private DeploymentsBenchmark(Path sheave, Path folder) {
    this.sheave = sheave;
    this.folder = folder;
  }

  /**
   * Runs the rounds.
   *
   * @param args the launcher, an empty folder, and the number of rounds
   */
  public static void main(String[] args) throws Exception {
    DeploymentsBenchmark benchmark = new DeploymentsBenchmark(Path.of(args[0]), Path.of(args[1]));
    int rounds = Integer.parseInt(args[2]);
    benchmark.starts(rounds);
    benchmark.redeploys(rounds);
    benchmark.logs(rounds);
    benchmark.print(rounds);
  }

  private void starts(int rounds) throws Exception {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    compile(classes, "EmptyFlow", EMPTY.formatted("classes"));
    write("seen/EmptyFlow.java", EMPTY.formatted("seen"));
    write("unseen/EmptyFlow.java", EMPTY.formatted("unseen"));
    deploy(classes, "EmptyFlow:empty");
    deploy(folder.resolve("seen"), "EmptyFlow.java:empty");
    deploy(folder.resolve("unseen"), "EmptyFlow.java:empty");
    for (String flow : List.of("classes", "seen", "unseen")) { // pages and archives get warm
      runOnce(flow);
    }
    for (int round = 1; round <= rounds; round++) {
      System.err.println("round " + round + " of " + rounds);
      add("Pending to Running, classes", pendingToRunning(runOnce("classes")));
      add("Pending to Running, source seen before", pendingToRunning(runOnce("seen")));
      write("unseen/EmptyFlow.java", EMPTY.formatted("unseen") + "// " + round + "\n");
      add("Pending to Running, source not seen", pendingToRunning(runOnce("unseen")));
    }
  }

  private void redeploys(int rounds) throws Exception {
    Path classes = Files.createDirectories(folder.resolve("application"));
    byte[] content = new byte[JAR_BYTES];
    new Random(1).nextBytes(content);
    List<String> classPath = new ArrayList<>(List.of(classes.toString()));
    List<String> uses = new ArrayList<>(); // what no class refers to isn't uploaded
    Path libraries = Files.createDirectories(folder.resolve("libraries"));
    for (int i = 0; i < JARS; i++) {
      String name = "Library" + i;
      compile(libraries, name, "public final class " + name + " {}");
      uses.add(name + ".class");
      Path jar = folder.resolve("jars").resolve("library-" + i + ".jar");
      Files.createDirectories(jar.getParent());
      try (OutputStream out = Files.newOutputStream(jar);
          JarOutputStream entries = new JarOutputStream(out)) {
        entries.putNextEntry(new JarEntry(name + ".class"));
        Files.copy(libraries.resolve(name + ".class"), entries);
        entries.putNextEntry(new JarEntry("data-" + i));
        entries.write(content);
      }
      classPath.add(jar.toString());
    }
    String application = APPLICATION.formatted(String.join(", ", uses));
    classPath.add(System.getProperty("java.class.path"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(java, "-cp", String.join(File.pathSeparator, classPath), "Application");
    compile(classes, "Application", application, libraries);
    counts.add("first deployment:  " + counted(execute(folder, command)));
    for (int round = 1; round <= rounds; round++) {
      // debug information has the line, so that more lines change the class
      compile(
          classes,
          "Application",
          application.replace("flow() {}", "flow() {" + "\n".repeat(round) + "}"),
          libraries);
      long start = System.nanoTime();
      String output = execute(folder, command);
      add("redeploy of 60 jars, one class changed", (System.nanoTime() - start) / 1e9);
      String count = counted(output);
      if (!count.contains(", 1 uploaded")) {
        throw new IllegalStateException("more than what has changed was uploaded: " + count);
      }
      if (round == 1) {
        counts.add("redeployment:      " + count);
      }
    }
  }

  private static String counted(String output) {
    String[] numbers = output.lines().reduce("", (a, b) -> b).split(" ", -1);
    return numbers[0] + " files, " + numbers[1] + " uploaded, " + numbers[2] + " bytes";
  }

  private void logs(int rounds) throws Exception {
    write("logging/LoggingFlow.java", LOGGING);
    deploy(folder.resolve("logging"), "LoggingFlow.java:logging");
    for (int round = 1; round <= Math.min(2, rounds); round++) {
      FlowRunRecord silent = runOnce("logging", "lines=" + LINES, "isLogging=false");
      FlowRunRecord logging = runOnce("logging", "lines=" + LINES, "isLogging=true");
      int recorded = countLines(logging);
      if (recorded != LINES) {
        throw new IllegalStateException(recorded + " lines of " + LINES + " are in the record");
      }
      add("100,000 steps, silent", result(silent));
      add("100,000 steps, a line each", result(logging));
      add("100,000 lines, until all are recorded", runningToEnd(logging));
    }
  }

  private static double result(FlowRunRecord run) {
    Map<?, ?> data = (Map<?, ?>) Objects.requireNonNull(run.state().data());
    return Double.parseDouble(String.valueOf(data.get("value")));
  }

  private void deploy(Path directory, String entrypoint) throws Exception {
    execute(
        directory,
        command("deployment", "build", entrypoint, "-n", "bench", "-q", "bench")
            .with("-o", folder.resolve("bench.yaml").toString(), "--skip-upload", "--apply"));
  }

  private FlowRunRecord runOnce(String flow, String... parameters) throws Exception {
    Words run = command("deployment", "run", flow + "/bench");
    for (String parameter : parameters) {
      run = run.with("--param", parameter);
    }
    execute(folder, run);
    execute(folder, command("agent", "start", "-q", "bench", "--run-once"));
    try (Sheave connection = connect()) {
      FlowRunRecord newest =
          connection
              .api()
              .flowRuns()
              .listFlowRuns(FlowRunFilter.ALL, FlowRunSort.CREATED_DESC, Page.first(1))
              .get(0);
      if (newest.state().type() != StateType.COMPLETED) {
        throw new IllegalStateException("the run is " + newest.state());
      }
      return newest;
    }
  }

  private Sheave connect() {
    Path home = folder.resolve("home");
    return Sheave.builder().home(home).url("jdbc:sqlite:" + home.resolve("sheave.db")).connect();
  }

  private double pendingToRunning(FlowRunRecord run) {
    return between(run, StateType.PENDING, StateType.RUNNING);
  }

  private double runningToEnd(FlowRunRecord run) {
    return between(run, StateType.RUNNING, StateType.COMPLETED);
  }

  private double between(FlowRunRecord run, StateType from, StateType to) {
    try (Sheave connection = connect()) {
      List<State> states = connection.api().flowRuns().listFlowRunStates(run.id());
      return Duration.between(entered(states, from), entered(states, to)).toNanos() / 1e9;
    }
  }

  private static Instant entered(List<State> states, StateType type) {
    return states.stream()
        .filter(state -> state.type() == type)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("never " + type + ": " + states))
        .timestamp();
  }

  private int countLines(FlowRunRecord run) {
    int count = 0;
    try (Sheave connection = connect()) {
      Page page = Page.FIRST;
      while (true) {
        List<LogLine> lines = connection.api().flowRuns().listLogs(run.id(), null, page);
        count +=
            (int) lines.stream().filter(line -> line.line().message().startsWith("step ")).count();
        if (lines.size() < page.limit()) {
          return count;
        }
        page = page.next();
      }
    }
  }

  private Path write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  private void compile(Path classes, String name, String source, Path... libraries)
      throws IOException {
    Path file = write("sources/" + name + ".java", source);
    String classPath =
        Stream.concat(
                Stream.of(System.getProperty("java.class.path")),
                Arrays.stream(libraries).map(Path::toString))
            .collect(Collectors.joining(File.pathSeparator));
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-g",
                "-d",
                classes.toString(),
                "-cp",
                classPath,
                file.toString());
    if (result != 0) {
      throw new IllegalStateException(file + " doesn't compile");
    }
  }

  /** A command line. */
  private record Words(List<String> words) {
    Words with(String... more) {
      return new Words(Stream.concat(words.stream(), Arrays.stream(more)).toList());
    }
  }

  private Words command(String... words) {
    return new Words(List.of(sheave.toString())).with(words);
  }

  private String execute(Path directory, Words command) throws Exception {
    return execute(directory, command.words());
  }

  private String execute(Path directory, List<String> command) throws Exception {
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("SHEAVE_HOME", folder.resolve("home").toString());
    builder.environment().remove("SHEAVE_API_URL");
    if (builder.start().waitFor() != 0) {
      throw new IllegalStateException(command + ":\n" + Files.readString(log));
    }
    return Files.readString(log);
  }

  private void add(String name, double value) {
    seconds.computeIfAbsent(name, label -> new ArrayList<>()).add(value);
  }

  private void print(int rounds) {
    Map<String, String> aims =
        Map.of(
            "Pending to Running, classes", "0.6 s",
            "Pending to Running, source seen before", "0.8 s",
            "Pending to Running, source not seen", "2 s",
            "redeploy of 60 jars, one class changed", "1 file",
            "100,000 steps, a line each", "+20 %",
            "100,000 lines, until all are recorded", "10 s");
    System.out.printf(
        "%nMedians of %d rounds (logs: two); %s, %d processors%n%n",
        rounds,
        System.getProperty("java.runtime.version"),
        Runtime.getRuntime().availableProcessors());
    System.out.printf("%-40s %8s %17s %8s%n", "", "seconds", "least to most", "aim");
    seconds.forEach(
        (name, values) -> {
          List<Double> sorted = values.stream().sorted().collect(Collectors.toList());
          @Nullable String aim = aims.get(name);
          System.out.printf(
              Locale.ROOT,
              "%-40s %8.2f %17s %8s%n",
              name,
              sorted.get(sorted.size() / 2),
              String.format(
                  Locale.ROOT, "%.2f - %.2f", sorted.get(0), sorted.get(sorted.size() - 1)),
              aim == null ? "" : aim);
        });
    System.out.println();
    counts.forEach(System.out::println);
  }
}
