package dev.sheave.storage.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.net.Proxies;
import dev.sheave.storage.net.ProxyServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Bounds the responses that the SDK holds in memory, in bytes and in time, and logs in to the
 * proxy; its clients don't. The content of a blob is passed on as it arrives.
 */
record BoundedClient(HttpClient client) implements HttpClient {
  /** How the SDK tells its clients to hold a whole response. */
  private static final String WHOLE = "azure-eagerly-read-response";

  private static final int OK_BELOW = 400;

  @Override
  public Mono<HttpResponse> send(HttpRequest request) {
    return send(request, Context.NONE);
  }

  @Override
  public Mono<HttpResponse> send(HttpRequest request, Context context) {
    URL url = request.getUrl();
    Proxies.ofProcess()
        .of(url.getProtocol(), url.getHost(), url.getPort())
        .flatMap(ProxyServer::authorization)
        .ifPresent(login -> request.setHeader(HttpHeaderName.PROXY_AUTHORIZATION, login));
    boolean whole = context.getData(WHOLE).filter(Boolean.TRUE::equals).isPresent();
    Mono<HttpResponse> response =
        client
            .send(request, context.addData(WHOLE, false))
            .flatMap(
                answer ->
                    answer.getStatusCode() == HttpURLConnection.HTTP_PROXY_AUTH
                        ? Mono.error(new IOException("proxy authentication required"))
                        : whole || answer.getStatusCode() >= OK_BELOW
                            ? read(answer)
                            : Mono.just(answer));
    return response.timeout(Bounds.responseTime(sent(request)));
  }

  private static long sent(HttpRequest request) {
    String length = request.getHeaders().getValue(HttpHeaderName.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length);
  }

  private static Mono<HttpResponse> read(HttpResponse response) {
    String host = response.getRequest().getUrl().getHost();
    return response
        .getBody()
        .reduceWith(ByteArrayOutputStream::new, (all, buffer) -> append(all, buffer, host))
        .map(all -> new WholeResponse(response, all.toByteArray()));
  }

  private static ByteArrayOutputStream append(
      ByteArrayOutputStream all, ByteBuffer buffer, String host) {
    if (all.size() + (long) buffer.remaining() > Bounds.RESPONSE_BYTES) {
      throw new SheaveException(
          Code.UNAVAILABLE,
          "The response of "
              + host
              + " has more than "
              + Bounds.RESPONSE_BYTES
              + " bytes: check the server.");
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    all.writeBytes(bytes);
    return all;
  }

  /** A response whose body has arrived. */
  private static final class WholeResponse extends HttpResponse {
    private final HttpResponse head;
    private final byte[] body;

    WholeResponse(HttpResponse head, byte[] body) {
      super(head.getRequest());
      this.head = head;
      this.body = body;
    }

    @Override
    public int getStatusCode() {
      return head.getStatusCode();
    }

    @Override
    @SuppressWarnings("deprecation")
    public @Nullable String getHeaderValue(String name) {
      return head.getHeaderValue(name);
    }

    @Override
    public HttpHeaders getHeaders() {
      return head.getHeaders();
    }

    @Override
    public Flux<ByteBuffer> getBody() {
      return body.length == 0 ? Flux.empty() : Flux.just(ByteBuffer.wrap(body));
    }

    @Override
    public Mono<byte[]> getBodyAsByteArray() {
      return body.length == 0 ? Mono.empty() : Mono.just(body);
    }

    @Override
    public Mono<String> getBodyAsString() {
      return getBodyAsString(StandardCharsets.UTF_8);
    }

    @Override
    public Mono<String> getBodyAsString(Charset charset) {
      return getBodyAsByteArray().map(bytes -> new String(bytes, charset));
    }

    @Override
    public HttpResponse buffer() {
      return this;
    }

    @Override
    public void close() {
      head.close();
    }
  }
}
