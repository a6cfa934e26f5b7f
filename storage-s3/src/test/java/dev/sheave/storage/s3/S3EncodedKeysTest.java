package dev.sheave.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sheave.block.Secret;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.testkit.storage.Trees;
import dev.sheave.testkit.storage.Warnings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that no XML can hold, from a server that encodes them as AWS does. */
class S3EncodedKeysTest {
  private static final Map<String, String> KEYS =
      Map.of("ok.txt", "1", "ctl\u0003.txt", "2", "a b+c%20d%.txt", "3", "ü/<&>\".txt", "4");

  @TempDir Path temporary;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", S3EncodedKeysTest::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    String content = KEYS.get(exchange.getRequestURI().getPath().replaceFirst("^/bucket/", ""));
    int status = 200;
    if (query.contains("list-type=2")) {
      content = listing(query.contains("encoding-type=url"));
    } else if (content == null) {
      status = 404;
      content = "<Error><Code>NoSuchKey</Code></Error>";
    }
    byte[] body = content.getBytes(UTF_8);
    exchange.getResponseHeaders().set("ETag", "\"1\"");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String listing(boolean encoded) {
    StringBuilder xml =
        new StringBuilder("<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated>");
    xml.append(encoded ? "<EncodingType>url</EncodingType>" : "");
    KEYS.forEach(
        (key, content) ->
            xml.append("<Contents><Key>")
                .append(encoded ? URLEncoder.encode(key, UTF_8).replace("%2F", "/") : key)
                .append("</Key><Size>")
                .append(content.length())
                .append("</Size></Contents>"));
    return xml.append("</ListBucketResult>").toString();
  }

  @Test
  void aKeyWithAControlCharacterClosesNothing() {
    S3 block =
        S3.builder()
            .bucketPath("bucket")
            .endpointUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .awsAccessKeyId(Secret.of("key"))
            .awsSecretAccessKey(Secret.of("secret"))
            .build();
    List<String> names = new ArrayList<>();
    block.list(RelativePath.ROOT, object -> names.add(object.name()));
    assertThat(names).containsExactlyInAnyOrderElementsOf(KEYS.keySet());

    Warnings warnings = new Warnings();
    block.getDirectory(RelativePath.ROOT, temporary.resolve("got"), warnings.options());
    assertThat(Trees.read(temporary.resolve("got")))
        .isEqualTo(Map.of("ok.txt", "1", "a b+c%20d%.txt", "3", "ü/<&>\".txt", "4"));
    assertThat(warnings.all()).singleElement().asString().contains("left out: 'ctl\\u0003.txt'");
  }
}
