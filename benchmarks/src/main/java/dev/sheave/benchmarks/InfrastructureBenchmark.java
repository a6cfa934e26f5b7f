package dev.sheave.benchmarks;

import dev.sheave.Sheave;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Measures runs in containers and jobs of a cluster: the agent's own share of their start and their
 * end, many runs of one agent, and their output.
 *
 * <p>{@code bin/bench infrastructure} runs it.
 */
public final class InfrastructureBenchmark {
  private static final int LINES = 100_000;
  private static final String DOCKER = "docker";
  private static final String CLUSTER = "cluster";
  private static final Pattern JOB_IS_CREATED = Pattern.compile("POST /apis/batch/v1/[^?]*/jobs");
  private static final Pattern SECRET_IS_CREATED = Pattern.compile("POST /api/v1/[^?]*/secrets");
  private static final Pattern REQUEST = Pattern.compile("(GET|POST|PUT|PATCH|DELETE|HEAD) /");
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Path sheave;
  private final Path folder;
  private final Map<String, List<Double>> values = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>(System.getenv());

  private InfrastructureBenchmark(Path sheave, Path folder) {
    this.sheave = sheave;
    this.folder = folder;
    environment.put("SHEAVE_HOME", folder.resolve("home").toString());
    environment.remove("SHEAVE_API_URL");
  }

  /**
   * Measures one part.
   *
   * @param args the launcher, an empty folder, {@code starts}, {@code standing}, {@code logs},
   *     {@code archive} or {@code reference}, the number of rounds or runs, and where: {@code
   *     docker} or {@code cluster}
   */
  public static void main(String[] args) throws Exception {
    InfrastructureBenchmark benchmark =
        new InfrastructureBenchmark(Path.of(args[0]), Path.of(args[1]));
    int number = Integer.parseInt(args[3]);
    switch (args[2]) {
      case "starts" -> benchmark.starts(args[4], number);
      case "standing" -> benchmark.standing(args[4], number);
      case "logs" -> benchmark.logs(args[4], number);
      case "archive" -> benchmark.archive(args[4], number);
      case "reference" -> benchmark.reference(number);
      default -> throw new IllegalArgumentException(args[2]);
    }
    benchmark.print(args[2] + ", " + args[4]);
  }

  /** What each run asks for, beside its command. */
  private static String[] options(String where, String script) {
    String command = "command=[\"sh\",\"-c\",\"" + script + "\"]";
    List<String> options =
        where.equals(DOCKER)
            ? List.of("-i", "docker-container", "--override", "image=" + image(where))
            : List.of("-i", "kubernetes-job", "--override", "image=" + image(where));
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("--override", command));
    // no flow is executed, so none reaches the records
    all.addAll(List.of("--override", "env.SHEAVE_API_URL=http://127.0.0.1:9/api"));
    if (where.equals(DOCKER)) {
      all.addAll(List.of("--override", "network_mode=none"));
    }
    return all.toArray(String[]::new);
  }

  private static String image(String where) {
    return variable(where.equals(DOCKER) ? "DOCKER_TEST_IMAGE" : "KUBERNETES_TEST_IMAGE");
  }

  private static String variable(String name) {
    return Objects.requireNonNull(System.getenv(name), name);
  }

  private void deploy(String name, String... options) throws Exception {
    Path code = Files.createDirectories(folder.resolve("code"));
    Files.writeString(
        code.resolve("EmptyFlow.java"),
        """
        public final class EmptyFlow {
          @dev.sheave.flow.Flow(name = "empty")
          public static void empty() {}
        }
        """);
    List<String> words =
        new ArrayList<>(
            List.of(
                sheave.toString(), "deployment", "build", "./EmptyFlow.java:empty", "-n", name));
    words.addAll(List.of("-q", "bench", "--skip-upload", "--apply"));
    words.addAll(List.of(options));
    execute(code, words);
  }

  // --- the agent's own share

  private void starts(String where, int rounds) throws Exception {
    String kept = where.equals(DOCKER) ? "auto_remove=false" : "finished_job_ttl=600";
    deploy("bench", join(options(where, "exit 3"), "--override", kept));
    Map<String, Instant> created = new ConcurrentHashMap<>();
    Map<String, Instant> ended = new ConcurrentHashMap<>();
    AtomicReference<Instant> first = new AtomicReference<>(Instant.EPOCH);
    AtomicReference<Instant> requested = new AtomicReference<>(Instant.EPOCH);
    List<Process> watches = new ArrayList<>();
    if (where.equals(CLUSTER)) { // its own times are whole seconds
      watches.add(watch("jobs", ".metadata.uid", created));
      watches.add(watch("pods", ".status.containerStatuses[0].state.terminated.exitCode", ended));
      watches.add(
          passOnRequestsToCluster(
              request -> {
                if (SECRET_IS_CREATED.matcher(request).lookingAt()) {
                  first.set(Instant.now());
                }
                if (JOB_IS_CREATED.matcher(request).lookingAt()) {
                  requested.set(Instant.now());
                }
              }));
    }
    Path log = folder.resolve("agent.log");
    Process agent = agent(log);
    environment.putAll(System.getenv());
    try (Sheave connection = connect()) {
      run(connection); // classes and connections get warm
      run(connection);
      for (int round = 1; round <= rounds; round++) {
        System.err.println("round " + round + " of " + rounds);
        FlowRunRecord run = run(connection);
        Instant asked;
        Instant gone;
        if (where.equals(DOCKER)) {
          String container = String.valueOf(run.infrastructurePid()).replaceAll(".*:", "");
          asked =
              OffsetDateTime.parse(
                      execute(folder, List.of("docker", "inspect", "-f", "{{.Created}}", container))
                          .strip())
                  .toInstant();
          gone = died(container);
        } else {
          await("the watches", () -> ended.containsKey(run.id().toString()));
          asked = Objects.requireNonNull(created.get(run.id().toString()));
          gone = Objects.requireNonNull(ended.get(run.id().toString()));
        }
        if (where.equals(CLUSTER)) {
          add(
              "taken -> secret of its key asked for",
              submitted(log, run),
              Objects.requireNonNull(first.get()));
          add(
              "taken -> job asked for",
              submitted(log, run),
              Objects.requireNonNull(requested.get()));
        }
        add("taken -> " + asked(where), submitted(log, run), asked);
        add(gone(where) + " -> recorded", gone, run.state().timestamp());
        add("created -> end recorded", run.created(), run.state().timestamp());
        long start = System.nanoTime();
        if (where.equals(DOCKER)) {
          fail(
              List.of(
                  "docker",
                  "run",
                  "--rm",
                  "--network",
                  "none",
                  image(where),
                  "sh",
                  "-c",
                  "exit 3"));
          add("docker run", start);
        } else {
          String name = "bench-" + UUID.randomUUID();
          kubectl("create", "job", name, "--image=" + image(where), "--", "sh", "-c", "exit 0");
          kubectl("wait", "--for=condition=complete", "job/" + name, "--timeout=120s");
          add("kubectl create job, and wait", start);
          kubectl("delete", "job", name, "--wait=false");
        }
        start = System.nanoTime();
        fail(List.of("sh", "-c", "exit 3"));
        add("ProcessBuilder", start);
      }
    } finally {
      end(agent);
      watches.forEach(Process::destroy);
      clean(where);
    }
  }

  private static String asked(String where) {
    return where.equals(DOCKER) ? "container created" : "job seen by kubectl -w";
  }

  private static String gone(String where) {
    return where.equals(DOCKER) ? "engine's event" : "end seen by kubectl -w";
  }

  /** When the engine has said that a container has ended, which is after its own work for that. */
  private Instant died(String container) throws Exception {
    String[] seconds =
        execute(
                folder,
                List.of(
                    "docker",
                    "events",
                    "--since",
                    "1",
                    "--until",
                    Instant.now().toString(),
                    "--filter",
                    "container=" + container,
                    "--filter",
                    "event=die",
                    "--format",
                    "{{.TimeNano}}"))
            .strip()
            .split("\n", -1);
    return Instant.EPOCH.plusNanos(Long.parseLong(seconds[0]));
  }

  /** Creates a run, and returns it when its end is recorded. */
  private static FlowRunRecord run(Sheave connection) throws Exception {
    UUID id = create(connection, "bench");
    await("the end", () -> isFinal(connection, id));
    TimeUnit.MILLISECONDS.sleep(200); // the agent removes what is left
    return connection.api().flowRuns().readFlowRun(id);
  }

  private static boolean isFinal(Sheave connection, UUID run) {
    return connection.api().flowRuns().readFlowRun(run).state().type().isTerminal();
  }

  private static UUID create(Sheave connection, String name) {
    DeploymentRecord deployment =
        connection.api().deployments().findDeployment("empty", name).orElseThrow();
    return connection
        .api()
        .flowRuns()
        .createFlowRun(deployment.id(), NewFlowRun.now(Map.of()))
        .id();
  }

  /** When the agent had taken a run, by its own log. */
  private static Instant submitted(Path log, FlowRunRecord run) throws IOException {
    String line =
        Files.readAllLines(log).stream()
            .filter(each -> each.contains("Submitting flow run '" + run.id()))
            .findFirst()
            .orElseThrow();
    ZoneId zone = ZoneId.systemDefault();
    return LocalTime.parse(line.substring(0, 12))
        .atDate(run.created().atZone(zone).toLocalDate())
        .atZone(zone)
        .toInstant();
  }

  /** Notes when what is shown of the object of a run has a value at last. */
  private Process watch(String kind, String value, Map<String, Instant> seen) throws IOException {
    Process kubectl =
        builder(
                List.of(
                    "kubectl",
                    "get",
                    kind,
                    "--watch",
                    "--no-headers",
                    "-o",
                    "custom-columns=A:.metadata.labels.sheave\\.dev/flow-run-id,B:" + value))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    start(
        () -> {
          try (BufferedReader lines = kubectl.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
              String[] parts = line.strip().split(" +", -1);
              if (parts.length == 2 && !parts[1].equals("<none>")) {
                seen.putIfAbsent(parts[0], Instant.now());
              }
            }
          }
        });
    return kubectl;
  }

  // --- many runs of one agent

  private void standing(String where, int runs) throws Exception {
    deploy("warm", options(where, "exit 0"));
    deploy("bench", options(where, "while :; do sleep 20; done"));
    AtomicInteger calls = new AtomicInteger();
    List<Process> helpers = new ArrayList<>();
    if (where.equals(DOCKER)) {
      Path socket = folder.resolve("counted.sock");
      Path engine = Path.of(variable("DOCKER_HOST").substring("unix://".length()));
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      passOn(server, engine, request -> calls.incrementAndGet());
      environment.put("DOCKER_HOST", "unix://" + socket);
    } else {
      helpers.add(passOnRequestsToCluster(request -> calls.incrementAndGet()));
    }
    Path log = folder.resolve("agent.log");
    Process agent = agent(log);
    environment.putAll(System.getenv());
    try (Sheave connection = connect()) {
      UUID first = create(connection, "warm");
      await("the first run", () -> isFinal(connection, first));
      add("threads, no run", status(agent, "Threads"));
      add("MiB, no run", status(agent, "VmRSS") / 1024);
      calls.set(0);
      TimeUnit.SECONDS.sleep(30);
      add("calls a minute, no run", calls.get() * 2.0);
      long start = System.nanoTime();
      for (int i = 0; i < runs; i++) {
        create(connection, "bench");
      }
      await(
          "all runs",
          () -> {
            try {
              int now = Files.readString(log).split("Completed submission", -1).length - 1;
              return now > runs && isStanding(where, runs);
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      add("seconds until " + runs + " runs stand", start);
      TimeUnit.SECONDS.sleep(10); // what their start has asked for is answered
      calls.set(0);
      TimeUnit.SECONDS.sleep(60);
      add("calls a minute, " + runs + " runs", calls.doubleValue());
      add("threads, " + runs + " runs", status(agent, "Threads"));
      add("MiB, " + runs + " runs", status(agent, "VmRSS") / 1024);
    } finally {
      agent.destroyForcibly().waitFor();
      clean(where);
      helpers.forEach(Process::destroy);
    }
  }

  private boolean isStanding(String where, int runs) throws Exception {
    String listed =
        where.equals(DOCKER)
            ? execute(
                folder, List.of("docker", "ps", "-q", "--filter", "label=sheave.dev/store-id"))
            : execute(
                folder,
                List.of(
                    "kubectl",
                    "get",
                    "pods",
                    "--no-headers",
                    "-l",
                    "sheave.dev/store-id",
                    "--field-selector=status.phase=Running"));
    return listed.lines().filter(line -> !line.startsWith("No resources")).count() >= runs;
  }

  /** Lets programs that are started from now on ask the cluster by way of this one. */
  private Process passOnRequestsToCluster(Consumer<String> requests) throws Exception {
    Path socket = folder.resolve("cluster.sock");
    Process proxy =
        builder(List.of("kubectl", "proxy", "--unix-socket=" + socket))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    await("the proxy", () -> Files.exists(socket));
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    passOn(server, socket, requests);
    int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
    Path config = folder.resolve("kubeconfig");
    Files.writeString(
        config,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: counted, cluster: {server: "http://127.0.0.1:%d"}}]
        contexts: [{name: counted, context: {cluster: counted, user: counted}}]
        users: [{name: counted, user: {}}]
        current-context: counted
        """
            .formatted(port));
    environment.put("KUBECONFIG", config.toString());
    return proxy;
  }

  /** Passes on what is sent to a server, and tells of the requests: each begins a chunk. */
  private static void passOn(ServerSocketChannel server, Path target, Consumer<String> requests) {
    start(
        () -> {
          while (true) {
            SocketChannel client = server.accept();
            SocketChannel upstream = SocketChannel.open(UnixDomainSocketAddress.of(target));
            start(() -> pump(client, upstream, requests));
            start(() -> pump(upstream, client, answer -> {}));
          }
        });
  }

  private static void pump(SocketChannel from, SocketChannel to, Consumer<String> requests)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    try (from;
        to) {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        String start = StandardCharsets.ISO_8859_1.decode(buffer.duplicate()).toString();
        if (REQUEST.matcher(start).lookingAt()) {
          requests.accept(start);
        }
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                return; // closed by either side, which the other one sees by its end
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static double status(Process process, String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  // --- output

  private void logs(String where, int rounds) throws Exception {
    String script = "yes 'a line of a log, which is as long as such lines are' | head -n " + LINES;
    deploy("bench", options(where, script));
    for (int round = 1; round <= rounds; round++) {
      System.err.println("round " + round + " of " + rounds);
      try (Sheave connection = connect()) {
        create(connection, "bench");
      }
      add(
          "lines a second, sheave",
          linesPerSecond(
              List.of(sheave.toString(), "agent", "start", "-q", "bench", "--run-once")));
      String name = "bench-" + UUID.randomUUID();
      if (where.equals(DOCKER)) {
        execute(
            folder,
            List.of(
                "docker",
                "run",
                "-d",
                "--name",
                name,
                "--network",
                "none",
                image(where),
                "sh",
                "-c",
                script));
        add(
            "lines a second, docker logs -f",
            linesPerSecond(List.of("docker", "logs", "-f", name)));
        execute(folder, List.of("docker", "rm", "-f", name));
      } else {
        kubectl(
            "run",
            name,
            "--restart=Never",
            "--image=" + image(where),
            "--",
            "sh",
            "-c",
            script + "; sleep 5");
        kubectl("wait", "--for=condition=Ready", "--timeout=60s", "pod/" + name);
        add(
            "lines a second, kubectl logs -f",
            linesPerSecond(List.of("kubectl", "logs", "-f", name)));
        kubectl("delete", "pod", name, "--now");
      }
    }
  }

  /** From the first line to the last, of those that a program shows. */
  private double linesPerSecond(List<String> command) throws Exception {
    Process process = builder(command).redirectErrorStream(true).start();
    int count = 0;
    long first = 0;
    long last = 0;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("a line")) {
          last = System.nanoTime();
          first = count++ == 0 ? last : first;
        }
      }
    }
    process.waitFor();
    add("lines that were shown, " + command.get(0).replaceAll(".*/", ""), (double) count);
    return count / ((last - first) / 1e9);
  }

  // --- the image's class data archive

  /** Makes an image with the empty flow. */
  private String bakedImage() throws Exception {
    String tag = "sheave-bench/empty:1";
    deploy("baked", "-i", "docker-container");
    execute(
        folder.resolve("code"),
        List.of(sheave.toString(), "image", "build", "empty/baked", "-t", tag));
    return tag;
  }

  private void archive(String where, int rounds) throws Exception {
    String tag = bakedImage();
    if (where.equals(DOCKER)) {
      deploy("with", "-i", "docker-container", "--override", "image=" + tag);
    } else {
      String containerd = variable("KUBERNETES_CONTAINERD");
      execute(
          folder,
          List.of(
              "sh",
              "-c",
              "docker save " + tag + " | ctr -a " + containerd + " -n k8s.io images import -"));
      deploy("with", "-i", "kubernetes-job", "--override", "image=" + tag);
    }
    String without =
        "env.SHEAVE_RUNTIME_JAVA_OPTIONS=-XX:SharedArchiveFile=/opt/java/lib/server/classes.jsa";
    List<String> same =
        new ArrayList<>(
            List.of("-i", where.equals(DOCKER) ? "docker-container" : "kubernetes-job"));
    same.addAll(List.of("--override", "image=" + tag, "--override", without));
    deploy("without", same.toArray(String[]::new));
    Process agent = agent(folder.resolve("agent.log"));
    try (Sheave connection = connect()) {
      for (int round = 0; round <= rounds; round++) {
        System.err.println("round " + round + " of " + rounds);
        for (String each : List.of("with", "without")) {
          List<State> states = statesOfRun(connection, each);
          if (round > 0) { // pages and connections are warm
            addStart(each + " the archive", states);
          }
        }
      }
    } finally {
      end(agent);
    }
  }

  private static List<State> statesOfRun(Sheave connection, String deployment) throws Exception {
    UUID id = create(connection, deployment);
    await("the end", () -> isFinal(connection, id));
    return connection.api().flowRuns().listFlowRunStates(id);
  }

  private void addStart(String name, List<State> states) {
    Instant running = entered(states, StateType.RUNNING);
    add("Pending -> Running, " + name, entered(states, StateType.PENDING), running);
    add("created -> Running, " + name, entered(states, StateType.SCHEDULED), running);
  }

  private static Instant entered(List<State> states, StateType type) {
    return states.stream()
        .filter(state -> state.type() == type)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("never " + type + ": " + states))
        .timestamp();
  }

  // --- the reference's agent

  /** Lets both start an empty flow that is in their image, each with records of its own. */
  private void reference(int rounds) throws Exception {
    deploy("bench", "-i", "docker-container", "--override", "image=" + bakedImage());
    String server = variable("PREFECT_SERVER_URL");
    Path programs = Path.of(variable("PREFECT_PROGRAMS"));
    environment.put("PREFECT_API_URL", server);
    environment.put("PREFECT_HOME", folder.resolve("prefect").toString());
    execute(folder, List.of(programs.resolve("python").toString(), variable("PREFECT_DEPLOY")));
    Process theirs =
        builder(List.of(programs.resolve("prefect").toString(), "agent", "start", "-q", "bench"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prefect.log").toFile())
            .start();
    environment.remove("PREFECT_API_URL"); // Sheave's programs would use it, too
    Process ours = agent(folder.resolve("agent.log"));
    try (Sheave connection = connect();
        Sheave reference = Sheave.connect(server)) {
      for (int round = 0; round <= rounds; round++) {
        System.err.println("round " + round + " of " + rounds);
        List<State> ofOurs = statesOfRun(connection, "bench");
        List<State> ofTheirs = statesOfRun(reference, "bench");
        if (round > 0) {
          addStart("sheave", ofOurs);
          addStart("prefect", ofTheirs);
        }
      }
    } finally {
      end(ours);
      end(theirs);
    }
  }

  // --- programs

  private Process agent(Path log) throws Exception {
    Process agent =
        builder(List.of(sheave.toString(), "agent", "start", "-q", "bench", "--max-starts", "8"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    await(
        "the agent",
        () -> {
          try {
            return Files.readString(log).contains("Agent started");
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    return agent;
  }

  private static void end(Process agent) throws InterruptedException {
    agent.destroy();
    agent.waitFor();
  }

  private void clean(String where) throws Exception {
    String label;
    try (Sheave connection = connect()) {
      label = "sheave.dev/store-id=" + connection.api().storeId();
    }
    execute(
        folder,
        List.of(
            "sh",
            "-c",
            where.equals(DOCKER)
                ? "docker ps -aq --filter label=" + label + " | xargs -r docker rm -f"
                : "kubectl delete jobs --wait=false -l " + label));
  }

  private void kubectl(String... words) throws Exception {
    execute(folder, Arrays.asList(join(new String[] {"kubectl"}, words)));
  }

  private Sheave connect() {
    Path home = folder.resolve("home");
    return Sheave.builder().home(home).url("jdbc:sqlite:" + home.resolve("sheave.db")).connect();
  }

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }

  private String execute(Path directory, List<String> command) throws Exception {
    Process process =
        builder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command + ":\n" + said);
    }
    return said;
  }

  private void fail(List<String> command) throws Exception {
    int code = builder(command).inheritIO().start().waitFor();
    if (code != 3) {
      throw new IllegalStateException(command + " ended with " + code);
    }
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(what + " took too long");
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static String[] join(String[] some, String... more) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
  }

  // --- figures

  private void add(String name, Instant from, Instant to) {
    add(name + ", ms", Duration.between(from, to).toNanos() / 1e6);
  }

  private void add(String name, long start) {
    double passed = (System.nanoTime() - start) / 1e9;
    add(
        name.startsWith("seconds") ? name : name + ", ms",
        name.startsWith("seconds") ? passed : passed * 1e3);
  }

  private void add(String name, double value) {
    values.computeIfAbsent(name, label -> new ArrayList<>()).add(value);
  }

  private void print(String title) {
    System.out.printf(
        "%n%s%n%-44s %10s %10s %10s %6s%n", title, "", "median", "p95", "least", "count");
    values.forEach(
        (name, all) -> {
          List<Double> sorted = all.stream().sorted().toList();
          System.out.printf(
              Locale.ROOT,
              "%-44s %10.1f %10.1f %10.1f %6d%n",
              name,
              sorted.get(sorted.size() / 2),
              sorted.get((int) Math.ceil(0.95 * sorted.size()) - 1),
              sorted.get(0),
              sorted.size());
        });
  }
}
