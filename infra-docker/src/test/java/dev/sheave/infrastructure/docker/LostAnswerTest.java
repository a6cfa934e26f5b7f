package dev.sheave.infrastructure.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine that does what it is asked, and whose answer is lost. */
@Timeout(120)
class LostAnswerTest {

  /** Hands on all that is said, but for one answer, in whose place the connection ends. */
  private static final class Proxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Path engine;
    private final Pattern request;
    private final AtomicBoolean hasLost = new AtomicBoolean();

    Proxy(Path engine, Pattern request) throws IOException {
      this.engine = engine;
      this.request = request;
      threads.execute(this::accept);
    }

    String host() {
      return "tcp://127.0.0.1:" + server.getLocalPort();
    }

    private void accept() {
      while (!server.isClosed()) {
        try {
          Socket client = server.accept();
          SocketChannel there = SocketChannel.open(UnixDomainSocketAddress.of(engine));
          AtomicBoolean loses = new AtomicBoolean();
          threads.execute(() -> ask(client, there, loses));
          threads.execute(() -> answer(client, there, loses));
        } catch (IOException e) {
          // it was closed, or the engine was
        }
      }
    }

    private void ask(Socket client, SocketChannel there, AtomicBoolean loses) {
      byte[] buffer = new byte[64 * 1024];
      try (client;
          there) {
        for (int length = client.getInputStream().read(buffer);
            length > 0;
            length = client.getInputStream().read(buffer)) {
          String said = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
          if (request.matcher(said).lookingAt() && hasLost.compareAndSet(false, true)) {
            loses.set(true);
          }
          ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
          while (bytes.hasRemaining()) {
            there.write(bytes);
          }
        }
      } catch (IOException e) {
        // one of them has left
      }
    }

    private static void answer(Socket client, SocketChannel there, AtomicBoolean loses) {
      ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
      try (client;
          there) {
        while (there.read(buffer.clear()) > 0 && !loses.get()) {
          client.getOutputStream().write(buffer.array(), 0, buffer.position());
        }
      } catch (IOException e) {
        // one of them has left
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "[0-9a-f]+/start"})
  void aRunIsStartedOnceThoughTheAnswerWasLost(String request) throws Exception {
    URI engine = DockerHost.find(DockerService.host(), System.getenv()).url();
    Assumptions.assumeTrue(engine.getScheme().equals("unix"), "the proxy is for a local engine");
    BlockingQueue<String> output = new LinkedBlockingQueue<>();
    try (Proxy proxy =
        new Proxy(
            Path.of(engine.getPath()), Pattern.compile("POST /v[0-9.]+/containers/" + request))) {
      DockerContainer block =
          DockerService.block()
              .dockerHost(proxy.host())
              .networkMode("none")
              .command(List.of("sh", "-c", "echo done; exit 7"))
              .build();
      UUID run = UUID.randomUUID();
      RunRequest asked =
          RunRequest.builder(run, "owl", ApiAccess.to("https://sheave.test/api"))
              .output(output::add)
              .build();
      assertThatThrownBy(() -> block.start(asked))
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));

      RunningInfrastructure running = block.start(asked); // as the agent does

      try {
        Ended ended = running.ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(ended.exitCode()).hasValue(7);
        assertThat(output).containsExactly("done");
        assertThat(DockerService.engine().containers(asked.labels())).hasSize(1);
      } finally {
        running.remove();
      }
    }
  }
}
