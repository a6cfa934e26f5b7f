package dev.sheave.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sheave.block.Secret;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.ObjectStore.Condition;
import dev.sheave.storage.transfer.ObjectStore.Content;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that speaks the protocol as it was before there were conditional writes. */
class S3ConditionTest {
  private static final String NOT_IMPLEMENTED =
      "<Error><Code>NotImplemented</Code><Message>A header you provided implies functionality that"
          + " is not implemented.</Message></Error>";

  private final List<Optional<String>> conditions = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void isWrittenToWithoutThem() {
    S3 block =
        S3.builder()
            .bucketPath("bucket")
            .endpointUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .awsAccessKeyId(Secret.of("id"))
            .awsSecretAccessKey(Secret.of("secret"))
            .build();
    try (ObjectStore store = block.openStore()) {
      Optional<String> version =
          store.put(RelativePath.parse("a"), Content.of("1".getBytes(UTF_8)), Condition.ABSENT);

      assertThat(version).hasValue("v1");
    }
    assertThat(conditions).containsExactly(Optional.of("*"), Optional.empty());
  }

  private void answer(HttpExchange exchange) throws IOException {
    Optional<String> condition =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("If-None-Match"));
    conditions.add(condition);
    exchange.getRequestBody().readAllBytes();
    if (condition.isPresent()) {
      byte[] body = NOT_IMPLEMENTED.getBytes(UTF_8);
      exchange.sendResponseHeaders(501, body.length);
      exchange.getResponseBody().write(body);
    } else {
      exchange.getResponseHeaders().set("ETag", "\"v1\"");
      exchange.sendResponseHeaders(200, -1);
    }
    exchange.close();
  }
}
