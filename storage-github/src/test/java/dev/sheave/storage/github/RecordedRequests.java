package dev.sheave.storage.github;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sheave.storage.net.TrustedCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** Passes requests on to the Git server of the tests, without TLS, and remembers them. */
final class RecordedRequests implements AutoCloseable {
  private final HttpServer server;
  private final HttpClient client;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  RecordedRequests() throws IOException {
    client =
        HttpClient.newBuilder()
            .sslContext(
                TrustedCertificates.parse(GitService.certificate(), "ca_certificate").context())
            .build();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::pass);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * What was asked since this was called last: method, what of the repository, and Git's command.
   */
  List<String> taken() {
    List<String> taken = List.copyOf(requests);
    requests.clear();
    return taken;
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      InputStream in = exchange.getRequestBody();
      boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      byte[] body = (packed ? new GZIPInputStream(in) : in).readAllBytes();
      URI uri = exchange.getRequestURI();
      String command =
          new String(body, StandardCharsets.ISO_8859_1)
              .replaceFirst("(?s)^[0-9a-f]{4}command=([a-z-]*).*", " $1");
      requests.add(
          exchange.getRequestMethod()
              + uri.getPath().replaceFirst(".*[.]git/", " ")
              + (command.startsWith(" ") ? command : ""));
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(GitService.url() + uri))
              .method(
                  exchange.getRequestMethod(),
                  body.length == 0
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofByteArray(body));
      for (String name : List.of("Content-Type", "Accept", "Git-Protocol")) {
        String value = exchange.getRequestHeaders().getFirst(name);
        if (value != null) {
          request.setHeader(name, value);
        }
      }
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      answer
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
