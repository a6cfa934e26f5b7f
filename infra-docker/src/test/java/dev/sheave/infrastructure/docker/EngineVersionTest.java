package dev.sheave.infrastructure.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The version of the API that is spoken with engines which know only some. */
class EngineVersionTest {
  private static final Pattern VERSIONED = Pattern.compile("/v1[.](?<minor>\\d+)/info");

  /** What an engine answers to those who ask who it is. */
  private static final class Replay implements AutoCloseable {
    private final HttpServer server;
    private final int oldest;
    private final int newest;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    Replay(int oldest, int newest) throws IOException {
      this.oldest = oldest;
      this.newest = newest;
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", this::answer);
      server.start();
    }

    DockerHost host() {
      return DockerHost.find("tcp://127.0.0.1:" + server.getAddress().getPort(), Map.of());
    }

    private void answer(HttpExchange exchange) throws IOException {
      String path = exchange.getRequestURI().getPath();
      exchange.getResponseHeaders().set("Api-Version", "1." + newest);
      Matcher versioned = VERSIONED.matcher(path);
      if (path.equals("/_ping")) {
        send(exchange, 200, "OK");
        return;
      }
      asked.add(path);
      int minor = versioned.matches() ? Integer.parseInt(versioned.group("minor")) : newest;
      if (minor < oldest) {
        String sentence =
            "client version 1.%d is too old. Minimum supported API version is 1.%d, please upgrade your client to a newer version";
        send(exchange, 400, "{\"message\":\"" + sentence.formatted(minor, oldest) + "\"}");
      } else if (minor > newest) {
        send(exchange, 400, "{\"message\":\"client version 1." + minor + " is too new\"}");
      } else {
        send(exchange, 200, "{\"ID\":\"replayed\"}");
      }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
      try (exchange) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"12, 41, /v1.41/info", "24, 44, /v1.44/info", "44, 52, /v1.44/info"})
  void theNewestVersionThatBothKnowIsSpoken(int oldest, int newest, String path) throws Exception {
    try (Replay engine = new Replay(oldest, newest)) {
      assertThat(Engine.at(engine.host()).id()).isEqualTo("replayed");
      assertThat(engine.asked).containsExactly(path);
    }
  }

  @ParameterizedTest
  @CsvSource("45, 60")
  void anEngineThatNoLongerKnowsOursSaysSoItself(int oldest, int newest) throws Exception {
    try (Replay engine = new Replay(oldest, newest)) {
      DockerHost host = engine.host();
      assertThatThrownBy(() -> Engine.at(host))
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
          .hasMessageContaining("client version 1.44 is too old");
    }
  }
}
