package dev.sheave.server;

import dev.sheave.Sheave;
import dev.sheave.api.KeyScope;
import dev.sheave.internal.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A server over an empty store, and a client of it. */
final class ServedStore implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  final Sheave sheave;
  final SheaveServer server;

  ServedStore(Path folder) {
    this(folder, settings -> settings);
  }

  ServedStore(Path folder, UnaryOperator<SheaveServer.Builder> settings) {
    this(
        Sheave.builder(Map.of())
            .url("jdbc:sqlite:" + folder.resolve("sheave.db"))
            .home(folder)
            .connect(),
        settings);
  }

  /** Serves other records, which it closes, too. */
  ServedStore(Sheave sheave, UnaryOperator<SheaveServer.Builder> settings) {
    this.sheave = sheave;
    server = settings.apply(SheaveServer.builder(sheave).port(0)).start();
  }

  /** An answer; the body is a JSON value, null if it is empty. */
  record Answer(int status, @Nullable Object body, Map<String, List<String>> headers) {
    Map<String, @Nullable Object> object() {
      if (body instanceof Map<?, ?> map) {
        return Json.asObject(map);
      }
      throw new AssertionError("not an object: " + status + " " + body);
    }

    /** Returns the first entry of a list. */
    static Map<String, @Nullable Object> first(@Nullable Object list) {
      if (list instanceof List<?> entries && entries.get(0) instanceof Map<?, ?> map) {
        return Json.asObject(map);
      }
      throw new AssertionError("not a list of objects: " + list);
    }

    String text(String name) {
      return String.valueOf(object().get(name));
    }

    Optional<String> header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> header.getValue().get(0))
          .findFirst();
    }
  }

  Answer get(String path) {
    return send("GET", path, null);
  }

  Answer post(String path, @Nullable Object body) {
    return send("POST", path, Json.write(body));
  }

  Answer send(String method, String path, @Nullable String body, String... headers) {
    return exchange(
        method,
        path,
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body),
        headers);
  }

  Answer exchange(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + path)).method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          response.body().isEmpty() ? null : Json.parse(response.body(), "The answer"),
          response.headers().map());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Makes a key, and returns it. */
  String key(String name, KeyScope scope) {
    return sheave
        .api()
        .administration()
        .orElseThrow()
        .apiKeys()
        .createKey(name, scope, null)
        .secret()
        .reveal();
  }

  @Override
  public void close() {
    server.close();
    sheave.close();
  }
}
