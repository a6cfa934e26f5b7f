package dev.sheave.benchmarks.agents;

import static dev.sheave.benchmarks.agents.MeasuredStore.QUEUE;

import dev.sheave.Sheave;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.RunLease;
import dev.sheave.benchmarks.transfer.CountingProxy;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.internal.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Agents in programs of their own: what they need, and what becomes of their runs. */
final class AgentPrograms {
  private static final int HELD = 200;

  private final String launcher;
  private final Path folder;
  private final MeasuredStore store;
  private final Sheave sheave;
  private final List<Process> programs = new ArrayList<>();

  AgentPrograms(String launcher, Path folder, MeasuredStore store, Sheave sheave) {
    this.launcher = launcher;
    this.folder = folder;
    this.store = store;
    this.sheave = sheave;
  }

  void measure() throws Exception {
    try {
      awaitArchive();
      callsOfIdle();
      adoptionAndMemory();
    } finally {
      programs.forEach(Process::destroyForcibly);
      for (Process each : programs) {
        each.waitFor();
      }
    }
  }

  private static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }

  private Process start(String url, String... command) throws IOException {
    List<String> all = new ArrayList<>(List.of(launcher));
    all.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("program" + programs.size() + ".log").toFile());
    builder.environment().put("SHEAVE_HOME", store.home().toString());
    builder.environment().put("SHEAVE_API_URL", url);
    if (url.startsWith("jdbc:")) {
      builder.environment().put("SHEAVE_API_KEY", MeasuredStore.password());
    }
    Process process = builder.start();
    programs.add(process);
    return process;
  }

  private Process agent(String url, String name) throws IOException {
    return start(url, "agent", "start", "-q", QUEUE, "--name", name);
  }

  private void awaitAgent(String name) throws InterruptedException {
    while (sheave.api().agents().listAgents(Page.FIRST).stream()
        .noneMatch(each -> each.profile().name().equals(name))) {
      Thread.sleep(100);
    }
  }

  /** The proxy takes connections to a server that is there. */
  private static void awaitServer(InetSocketAddress address) throws InterruptedException {
    while (true) {
      try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
        return;
      } catch (ConnectException e) {
        Thread.sleep(100); // it is starting
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The first start creates the class data archive, in the background; all others have it. */
  private void awaitArchive() throws Exception {
    Path archives = store.home().resolve("cache/cds");
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (System.nanoTime() < deadline) {
      start(store.url(), "agent", "ls").waitFor();
      try (Stream<Path> files = Files.list(archives)) {
        if (files.anyMatch(file -> file.toString().endsWith(".agent.jsa"))) {
          return;
        }
      }
      Thread.sleep(1_000);
    }
    throw new IllegalStateException("there is no archive of an agent's classes");
  }

  private void callsOfIdle() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Process server = start(store.url(), "server", "start", "--port", String.valueOf(port));
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    awaitServer(address);
    try (CountingProxy proxy = new CountingProxy(address)) {
      Process agent = agent("http://127.0.0.1:" + proxy.port() + "/api", "idle");
      awaitAgent("idle");
      Thread.sleep(10_000); // what it does at first
      long before = proxy.roundTrips();
      Thread.sleep(60_000);
      say("HTTP calls a minute of an idle agent: %d", proxy.roundTrips() - before);
      agent.destroyForcibly().waitFor();
    }
    server.destroyForcibly().waitFor();
  }

  private static double memory(Process process) throws IOException {
    return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        / 1024.0;
  }

  /** One agent has all runs, and is killed; the other adopts them. They end with this program. */
  private void adoptionAndMemory() throws Exception {
    UUID deployment =
        store.deploy(
            sheave,
            ProcessInfrastructure.builder()
                .command(
                    List.of("tail", "-f", "--pid=" + ProcessHandle.current().pid(), "/dev/null"))
                .build());
    Process first = agent(store.url(), "first");
    awaitAgent("first");
    Thread.sleep(30_000);
    double idle = memory(first);
    MeasuredStore.create(sheave, deployment, HELD);
    List<FlowRunRecord> runs = runs();
    while (runs.stream().anyMatch(run -> run.infrastructurePid() == null)) {
      Thread.sleep(200);
      runs = runs();
    }
    Thread.sleep(30_000);
    double held = memory(first);
    say(
        "memory of an agent, MiB: %.0f idle, %.0f with %d process runs (%+.0f)",
        idle, held, HELD, held - idle);

    agent(store.url(), "second");
    awaitAgent("second");
    String killed = Objects.requireNonNull(owner(runs.get(0)));
    first.destroyForcibly().waitFor();
    long began = System.nanoTime();
    double fastest = 0;
    while (true) {
      long left = runs().stream().filter(run -> killed.equals(owner(run))).count();
      double seconds = (System.nanoTime() - began) / 1e9;
      if (left < HELD && fastest == 0) {
        fastest = seconds;
      }
      if (left == 0) {
        say(
            "runs of a killed agent, adopted: the first after %.0f s, all %d after %.0f s",
            fastest, HELD, seconds);
        return;
      }
      Thread.sleep(200);
    }
  }

  private static @Nullable String owner(FlowRunRecord run) {
    RunLease lease = run.lease();
    return lease == null ? null : lease.owner();
  }

  private List<FlowRunRecord> runs() {
    return sheave.api().flowRuns().listAllFlowRuns(FlowRunFilter.ALL);
  }

  /** Claims runs of a Prefect server as its agent does. */
  static void claimsOfReference() throws Exception {
    String server = System.getenv("PREFECT_SERVER_URL");
    if (server == null) {
      return;
    }
    HttpClient client = HttpClient.newHttpClient();
    String flow = id(ask(client, server + "/flows/", Map.of("name", "claims")));
    String deployment =
        id(
            ask(
                client,
                server + "/deployments/",
                Map.of(
                    "name",
                    "claims" + System.nanoTime(),
                    "flow_id",
                    flow,
                    "work_queue_name",
                    "claims",
                    "entrypoint",
                    "f.py:f")));
    String queue = id(ask(client, server + "/work_queues/name/claims", null));
    int runs = 200;
    for (int i = 0; i < runs; i++) {
      ask(client, server + "/deployments/" + deployment + "/create_flow_run", Map.of());
    }
    Map<String, Object> look = new HashMap<>(Map.of("limit", 20));
    look.put("scheduled_before", Instant.now().plusSeconds(10).toString());
    int claimed = 0;
    long began = System.nanoTime();
    while (claimed < runs) {
      Object due = ask(client, server + "/work_queues/" + queue + "/get_runs", look);
      for (Object run : (List<?>) due) {
        ask(
            client,
            server + "/flow_runs/" + id(run) + "/set_state",
            Map.of("state", Map.of("type", "PENDING")));
        claimed++;
      }
    }
    say("claims/s of the reference: %.1f", runs / ((System.nanoTime() - began) / 1e9));
  }

  private static String id(Object record) {
    return String.valueOf(((Map<?, ?>) record).get("id"));
  }

  /** Asks until there is an answer: the reference gives 503 while its database is locked. */
  private static Object ask(HttpClient client, String url, @Nullable Object body) throws Exception {
    while (true) {
      var answer =
          client.send(
              HttpRequest.newBuilder(URI.create(url))
                  .header("Content-Type", "application/json")
                  .method(
                      body == null ? "GET" : "POST",
                      body == null
                          ? BodyPublishers.noBody()
                          : BodyPublishers.ofString(Json.write(body)))
                  .build(),
              BodyHandlers.ofString());
      if (answer.statusCode() < 300) {
        return Objects.requireNonNull(Json.parse(answer.body(), "The answer"));
      }
      if (answer.statusCode() != 503) {
        throw new IOException(url + " gives " + answer.statusCode() + ": " + answer.body());
      }
    }
  }
}
