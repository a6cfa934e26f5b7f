package dev.sheave.infrastructure.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A watch of an engine whose events are lost: only the lists tell of an end. */
@Timeout(60)
class ContainerWatchTest {
  private static final String RUNNING = "[{\"Id\": \"owl\", \"State\": \"running\"}]";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Semaphore opened = new Semaphore(0);
  private final Semaphore closed = new Semaphore(0);
  private volatile String containers = RUNNING;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      if (path.endsWith("/events")) {
        sendNoEvents(body);
      } else {
        String text = path.endsWith("/containers/json") ? containers : "{}";
        body.write(text.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** Blank lines, by which it is seen that the other side has left. */
  private void sendNoEvents(OutputStream body) {
    opened.release();
    try {
      while (true) {
        body.write('\n');
        body.flush();
        TimeUnit.MILLISECONDS.sleep(2);
      }
    } catch (IOException | InterruptedException e) {
      closed.release();
    }
  }

  @Test
  void whoComesWhileTheWatchEndsIsToldByALaterList() throws Exception {
    DockerHost host = DockerHost.find("tcp://127.0.0.1:" + server.getAddress().getPort(), Map.of());
    ContainerWatch watch = new ContainerWatch(Engine.at(host), Duration.ofMillis(50));
    Runnable first = () -> {};
    watch.add("owl", first);
    assertThat(opened.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    watch.remove("owl", first);
    assertThat(closed.tryAcquire(20, TimeUnit.SECONDS)).isTrue();

    CountDownLatch told = new CountDownLatch(1);
    watch.add("owl", told::countDown); // the thread of the events has not seen its end
    assertThat(opened.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    assertThat(told.await(500, TimeUnit.MILLISECONDS)).isFalse();
    containers = "[]";

    assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
  }
}
