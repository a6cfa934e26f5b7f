package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Json;
import dev.sheave.server.SheaveServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code sheave server status}. */
@picocli.CommandLine.Command(
    description = "Show whether a server answers, and whether its database does.",
    footer = {"", "  $ sheave server status --url http://127.0.0.1:4200/api"})
final class ServerStatus extends Command {
  private static final String DEFAULT_URL =
      "http://" + SheaveServer.DEFAULT_HOST + ":" + SheaveServer.DEFAULT_PORT + "/api";

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "The URL of its API. Default: that of SHEAVE_API_URL or the profile if it is a server's,"
              + " else "
              + DEFAULT_URL
              + ".")
  @Nullable String given;

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    String url =
        Optional.ofNullable(given)
            .or(() -> invocation.settings().apiUrl().filter(each -> each.startsWith("http")))
            .orElse(DEFAULT_URL);
    HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    terminal.say("Server:   " + url);
    terminal.say("Version:  " + Json.parse(answer(client, url, "/version"), "The version"));
    answer(client, url, "/ready");
    terminal.say("Database: ready");
    return CommandRunner.OK;
  }

  private static String answer(HttpClient client, String url, String path) {
    try {
      HttpResponse<String> answer = client.send(request(url, path), BodyHandlers.ofString());
      if (answer.statusCode() == 200) {
        return answer.body();
      }
      throw new SheaveException(
          Code.UNAVAILABLE,
          "The server at " + url + " isn't ready: " + path + " gives " + answer.statusCode() + ".");
    } catch (IOException e) {
      throw new SheaveException(
          Code.UNAVAILABLE,
          "No server answers at " + url + "; start one with 'sheave server start'.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(Code.INTERRUPTED, "The question to the server was interrupted.", e);
    }
  }

  private static HttpRequest request(String url, String path) {
    try {
      return HttpRequest.newBuilder(URI.create(url.replaceFirst("/+$", "") + path))
          .timeout(PATIENCE)
          .build();
    } catch (IllegalArgumentException e) {
      throw new SheaveException(
          Code.INVALID, "'" + url + "' isn't the URL of a server's API, http://HOST:PORT/api.", e);
    }
  }
}
