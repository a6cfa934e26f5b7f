package dev.sheave.server.internal.pages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.LogLevel;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.server.SheaveServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many readers of logs, and slow ones. */
@Timeout(180)
class LogStreamsTest {
  private static final int READERS = 200;

  @TempDir Path folder;
  private Sheave sheave;
  private FlowRunApi runs;

  @BeforeEach
  void connect() {
    sheave =
        Sheave.builder(Map.of())
            .url("jdbc:sqlite:" + folder.resolve("sheave.db"))
            .home(folder)
            .connect();
    runs = sheave.api().flowRuns();
  }

  @AfterEach
  void close() {
    sheave.close();
  }

  private UUID run() {
    UUID flow = sheave.api().deployments().createFlow("log-flow").id();
    UUID run = runs.createFlowRunOfFlow(flow, NewFlowRun.at(Instant.now())).id();
    runs.setFlowRunState(run, State.of(StateType.RUNNING), true);
    return run;
  }

  private void log(UUID run, Stream<String> messages) {
    runs.createLogs(
        messages
            .map(text -> new NewLogLine(run, "flow", LogLevel.INFO, text, Instant.now()))
            .toList());
  }

  @Test
  void thoseWhoFollowHoldNoThreads() {
    List<UUID> all = new ArrayList<>();
    UUID shared = run();
    for (int i = 0; i < READERS; i++) {
      all.add(i % 2 == 0 ? shared : run());
    }
    HttpClient client = HttpClient.newHttpClient();
    try (SheaveServer server = SheaveServer.builder(sheave).port(0).start()) {
      String pages = server.pagesUrl().orElseThrow();
      List<CompletableFuture<String>> answers =
          all.stream().map(run -> follow(client, pages + "runs/" + run + "/log/stream")).toList();
      List<UUID> distinct = all.stream().distinct().toList();
      distinct.forEach(run -> log(run, Stream.of("one", "two")));
      assertThat(threadsOfServers()).isLessThan(READERS / 5);
      for (UUID run : distinct) {
        log(run, Stream.of("three"));
        runs.setFlowRunState(run, State.of(StateType.COMPLETED), true);
      }
      for (CompletableFuture<String> answer : answers) {
        String events = answer.orTimeout(90, TimeUnit.SECONDS).join();
        assertThat(events.lines().filter(line -> line.contains("\"message\"")))
            .satisfiesExactly(
                line -> assertThat(line).contains("one"),
                line -> assertThat(line).contains("two"),
                line -> assertThat(line).contains("three"));
        assertThat(events).contains("event: end");
      }
      assertThat(threadsOfServers()).isLessThan(READERS / 5);
    }
  }

  private static CompletableFuture<String> follow(HttpClient client, String address) {
    return client
        .sendAsync(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
        .thenApply(answer -> answer.body());
  }

  private static long threadsOfServers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("sheave-server"))
        .count();
  }

  @Test
  void aReaderThatTakesNothingIsDroppedAndNobodyWaitsForIt() throws Exception {
    UUID run = run();
    String message = "x".repeat(10_000);
    // more than the buffers of a connection hold
    for (int block = 0; block < 15; block++) {
      log(run, IntStream.range(0, 100).mapToObj(i -> message));
    }
    LogStreams streams = new LogStreams(runs, Duration.ofSeconds(1));
    Server server = new Server(0);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            streams.follow(run, request, response, callback);
            return true;
          }
        });
    server.addBean(streams);
    server.start();
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    try (Socket slow = new Socket()) {
      slow.setReceiveBufferSize(4096);
      slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      slow.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      CompletableFuture<String> quick =
          follow(HttpClient.newHttpClient(), "http://127.0.0.1:" + port + "/");
      awaitReaders(streams, 2);
      awaitReaders(streams, 1);
      runs.setFlowRunState(run, State.of(StateType.COMPLETED), true);
      String events = quick.orTimeout(60, TimeUnit.SECONDS).join();
      assertThat(events.lines().filter(line -> line.contains("\"message\""))).hasSize(1500);
      assertThat(rest(slow)).isLessThan(1500L * message.length());
    } finally {
      server.stop();
    }
  }

  private static void awaitReaders(LogStreams streams, int count) throws InterruptedException {
    while (streams.readers() != count) {
      Thread.sleep(10);
    }
  }

  /** Returns how many bytes a connection still has. */
  private static long rest(Socket socket) throws IOException {
    long count = 0;
    try {
      while (socket.getInputStream().read() >= 0) {
        count++;
      }
    } catch (SocketException e) {
      // closed before all was sent
    }
    return count;
  }
}
