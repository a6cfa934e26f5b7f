package com.example.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Objects of a server that knows {@code GET}, {@code PUT} and {@code DELETE} of a name, and answers
 * {@code GET ?prefix=} with a line for each object: size, version, time, and the name.
 */
final class HttpBucketStore implements ObjectStore {
  /** One client for all blocks: connections are used again. */
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final URI base;
  private final Secret token;

  HttpBucketStore(URI base, Secret token) {
    this.base = base;
    this.token = token;
  }

  @Override
  public String location() {
    return base.toString();
  }

  @Override
  public Set<Feature> features() {
    return Set.of();
  }

  @Override
  public void list(RelativePath prefix, Consumer<StoredObject> sink) {
    String query = prefix.isRoot() ? "" : encoded(prefix + "/");
    HttpResponse<Stream<String>> answer =
        send(prefix, request("/?prefix=" + query).GET().build(), BodyHandlers.ofLines());
    try (Stream<String> lines = answer.body()) {
      check(prefix, answer);
      lines.map(HttpBucketStore::object).forEach(sink);
    }
  }

  private static StoredObject object(String line) {
    String[] words = line.split(" ", 4);
    return new StoredObject(
        URLDecoder.decode(words[3], UTF_8),
        Long.parseLong(words[0]),
        Instant.parse(words[2]),
        words[1]);
  }

  @Override
  public InputStream get(RelativePath key) {
    HttpResponse<InputStream> answer =
        send(key, request("/" + encoded(key)).GET().build(), BodyHandlers.ofInputStream());
    check(key, answer);
    return answer.body();
  }

  @Override
  public Optional<String> put(RelativePath key, Content content, Condition condition) {
    HttpRequest.BodyPublisher body =
        content.size() == 0
            ? BodyPublishers.noBody()
            : BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(content::open), content.size());
    HttpResponse<Void> answer =
        send(key, request("/" + encoded(key)).PUT(body).build(), BodyHandlers.discarding());
    check(key, answer);
    return answer.headers().firstValue("ETag");
  }

  @Override
  public void delete(Collection<RelativePath> keys) {
    for (RelativePath key : keys) {
      HttpResponse<Void> answer =
          send(key, request("/" + encoded(key)).DELETE().build(), BodyHandlers.discarding());
      if (answer.statusCode() != 404) {
        check(key, answer);
      }
    }
  }

  @Override
  public void close() {}

  private HttpRequest.Builder request(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create(base + pathAndQuery))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + token.reveal());
  }

  private static String encoded(Object path) {
    return URLEncoder.encode(path.toString(), UTF_8).replace("+", "%20").replace("%2F", "/");
  }

  private <T> HttpResponse<T> send(
      RelativePath key, HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return CLIENT.send(request, handler);
    } catch (IOException e) {
      throw new SheaveException(
          Code.UNAVAILABLE, "'" + place(key) + "' can't be reached: " + e.getMessage() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
    }
  }

  private void check(RelativePath key, HttpResponse<?> answer) {
    switch (answer.statusCode()) {
      case 200, 204 -> {}
      case 404 -> throw new SheaveException(Code.NOT_FOUND, "'" + place(key) + "' doesn't exist.");
      case 401, 403 ->
          throw new SheaveException(
              Code.PERMISSION_DENIED,
              "The token of the bucket '" + location() + "' doesn't allow '" + key + "'.");
      default ->
          throw new SheaveException(
              Code.UNAVAILABLE,
              "The server answers " + answer.statusCode() + " for '" + place(key) + "'.");
    }
  }

  private String place(RelativePath key) {
    return key.isRoot() ? location() : location() + "/" + key;
  }
}
