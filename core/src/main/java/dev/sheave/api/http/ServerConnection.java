package dev.sheave.api.http;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.internal.Backoff;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.Json;
import dev.sheave.internal.Version;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.net.Proxies;
import dev.sheave.storage.net.ProxyServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends calls to one server. Those that are safe to repeat are repeated for a short time while the
 * server is away or busy; those that the server hasn't got, or has turned away unread, always are.
 * Safe for use by several threads.
 */
final class ServerConnection {
  /** The version of the protocol, which the reference checks. */
  private static final String API_VERSION = "0.8.4";

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** Shorter bodies don't get shorter by it. */
  private static final int COMPRESSED_FROM = 1024;

  private static final int TOO_MANY_REQUESTS = 429;

  /** The statuses of servers that are away or busy. */
  private static final Set<Integer> BUSY = Set.of(408, TOO_MANY_REQUESTS, 502, 503, 504);

  private final URI url;
  private final @Nullable Secret key;
  private final RetryTimes times;
  private volatile boolean isClosed;
  private volatile boolean hasAnswered;
  private volatile boolean takesCompressed;

  ServerConnection(URI url, @Nullable Secret key, RetryTimes times) {
    this.url = url;
    this.key = key;
    this.times = times;
  }

  /** One for the process, made by the first call: its thread and its connections are shared. */
  private static final class Client {
    static final HttpClient INSTANCE =
        HttpClient.newBuilder()
            // what upgrades a connection to HTTP/2 isn't understood by all servers and proxies
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            // the key isn't for another server
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(Proxies.ofProcess().selector())
            .build();
  }

  /** For messages. */
  String url() {
    return url.toString();
  }

  void close() {
    isClosed = true;
  }

  /**
   * Sends a call.
   *
   * @throws SheaveException if the server refuses it or can't be reached
   */
  Answer send(Call call) {
    Attempts attempts = new Attempts();
    while (true) {
      if (isClosed) {
        throw new SheaveException(
            Code.UNAVAILABLE, "The connection to " + url + " was closed; open a new one.");
      }
      Optional<Answer> answer = attempt(call, attempts);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
  }

  /**
   * Sends a call that asks for one thing.
   *
   * @return empty if that doesn't exist
   */
  Optional<Answer> find(Call call) {
    if (call.hasEmptyPart()) {
      return Optional.empty();
    }
    try {
      return Optional.of(send(call));
    } catch (SheaveException e) {
      if (e.code() == Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Returns empty if the call is to be sent again now. */
  private Optional<Answer> attempt(Call call, Attempts attempts) {
    byte[] body = call.body() == null ? null : utf8(Json.write(call.body()));
    boolean isCompressed = takesCompressed && body != null && body.length >= COMPRESSED_FROM;
    HttpResponse<ResponseBody> response;
    try {
      response = exchange(request(call, body, isCompressed), body == null ? 0 : body.length);
    } catch (IOException e) {
      boolean wasNotSent =
          e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
      boolean mayPass = !(e instanceof SSLException) && (wasNotSent ? hasAnswered : !isTimeout(e));
      if (mayPass && (wasNotSent || call.isRepeatable()) && attempts.pause(null)) {
        return Optional.empty();
      }
      throw unreachable(e);
    }
    hasAnswered = true;
    int status = response.statusCode();
    if (status == 415 && isCompressed) {
      takesCompressed = false;
      return Optional.empty();
    }
    if (response.headers().allValues("Accept-Encoding").stream()
        .anyMatch(v -> v.contains("gzip"))) {
      takesCompressed = true;
    }
    if (BUSY.contains(status)
        && (call.isRepeatable() || status == TOO_MANY_REQUESTS)
        && attempts.pause(retryAfter(response))) {
      return Optional.empty();
    }
    boolean wasDeleted = status == 404 && call.method().equals("DELETE") && attempts.isRepeated();
    if (status / 100 != 2 && !wasDeleted) {
      throw Refusal.of(url(), key, call, response);
    }
    return Optional.of(new Answer(url(), status, wasDeleted ? null : json(response)));
  }

  private HttpRequest request(Call call, byte @Nullable [] body, boolean isCompressed) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + call.path()))
            .timeout(times.answer())
            .header("Accept", "application/json")
            .header("Accept-Encoding", "gzip")
            .header("User-Agent", "sheave/" + Version.current())
            .header("X-PREFECT-API-VERSION", API_VERSION);
    if (key != null) {
      request.header("Authorization", "Bearer " + key.reveal());
    }
    Proxies.ofProcess()
        .of(url)
        .flatMap(ProxyServer::authorization)
        .ifPresent(login -> request.header("Proxy-Authorization", login));
    if (body == null) {
      return request.method(call.method(), BodyPublishers.noBody()).build();
    }
    request.header("Content-Type", "application/json");
    if (isCompressed) {
      request.header("Content-Encoding", "gzip");
    }
    byte[] sent = isCompressed ? compressed(body) : body;
    return request.method(call.method(), BodyPublishers.ofByteArray(sent)).build();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] compressed(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no disk
    }
    return out.toByteArray();
  }

  /** Bounds the answer as a whole, however slowly it comes. */
  private HttpResponse<ResponseBody> exchange(HttpRequest request, long length) throws IOException {
    Duration longest = Bounds.responseTime(length);
    CompletableFuture<HttpResponse<ResponseBody>> response =
        client().sendAsync(request, info -> new ResponseBody.Subscriber());
    try {
      return response.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      response.cancel(true);
      Thread.currentThread().interrupt();
      throw new SheaveException(
          Code.INTERRUPTED, "The call to the server at " + url + " was interrupted.", e);
    } catch (TimeoutException e) {
      response.cancel(true);
      throw new HttpTimeoutException("it takes longer than " + longest.toSeconds() + " s");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IOException(e.getCause());
    }
  }

  private static HttpClient client() {
    try {
      return Client.INSTANCE;
    } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
      Proxies.ofProcess(); // says what is wrong with the environment
      throw e;
    }
  }

  private @Nullable Object json(HttpResponse<ResponseBody> response) {
    String text = response.body().text(response, url());
    if (text.isBlank()) {
      return null;
    }
    try {
      return Bounds.guard(url(), () -> Json.parse(text, "It"));
    } catch (SheaveException e) {
      if (e.code() != Code.INVALID) {
        throw e;
      }
      throw Refusal.notJson(url());
    }
  }

  private static boolean isTimeout(IOException e) {
    return e instanceof HttpTimeoutException;
  }

  private SheaveException unreachable(IOException e) {
    Optional<SheaveException> proxys = Proxies.ofProcess().failure(url(), url, e);
    if (proxys.isPresent()) {
      return proxys.get();
    }
    String problem =
        e instanceof SSLException
            ? "no secure connection can be made to it ("
                + IoReason.of(e)
                + "): check its certificate, and the URL"
            : e instanceof HttpConnectTimeoutException || e instanceof ConnectException
                ? "no connection can be made to it: check that it runs, and SHEAVE_API_URL"
                : isTimeout(e)
                    ? "it takes too long to answer: check the server"
                    : "the connection broke (" + IoReason.of(e) + "): check the server";
    return new SheaveException(
        Code.UNAVAILABLE, "The server at " + url + " can't be reached: " + problem + ".", e);
  }

  /** Null if the server doesn't say. */
  private static @Nullable Duration retryAfter(HttpResponse<?> response) {
    String text = response.headers().firstValue("Retry-After").orElse("").strip();
    try {
      if (text.matches("\\d{1,9}")) {
        return Duration.ofSeconds(Long.parseLong(text));
      }
      return text.isEmpty()
          ? null
          : Duration.between(
              Instant.now(),
              ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** The attempts at one call. */
  private final class Attempts {
    private final long deadline = System.nanoTime() + times.atMost().toNanos();
    private Duration next = times.firstPause();
    private boolean isRepeated;

    boolean isRepeated() {
      return isRepeated;
    }

    /**
     * Waits until the next attempt is due.
     *
     * @param wanted when the server wants to be asked again; null if it doesn't say
     * @return false, at once, if that is too late
     */
    boolean pause(@Nullable Duration wanted) {
      double varied = next.toNanos() * (0.5 + ThreadLocalRandom.current().nextDouble());
      Duration pause = Duration.ofNanos((long) varied);
      if (wanted != null && wanted.compareTo(pause) > 0) {
        pause = wanted;
      }
      if (pause.toNanos() > deadline - System.nanoTime()) {
        return false;
      }
      Backoff.sleep(pause, "Waiting for the server at " + url);
      Duration doubled = next.multipliedBy(2);
      next = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
      isRepeated = true;
      return true;
    }
  }
}
