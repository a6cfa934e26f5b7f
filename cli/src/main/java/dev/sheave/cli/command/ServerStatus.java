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
import picocli.CommandLine.Option;

/** {@code sheave server status}. */
@picocli.CommandLine.Command(
    description = "Show whether a server answers, and whether its database does.",
    footer = {"", "  $ sheave server status --url http://127.0.0.1:4200/api"})
final class ServerStatus extends Command {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "The URL of its API. Default: http://"
              + SheaveServer.DEFAULT_HOST
              + ":"
              + SheaveServer.DEFAULT_PORT
              + "/api.")
  String url = "http://" + SheaveServer.DEFAULT_HOST + ":" + SheaveServer.DEFAULT_PORT + "/api";

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    terminal.say("Server:   " + url);
    terminal.say("Version:  " + Json.parse(answer(client, "/version"), "The version"));
    answer(client, "/ready");
    terminal.say("Database: ready");
    return CommandRunner.OK;
  }

  private String answer(HttpClient client, String path) {
    try {
      HttpResponse<String> answer = client.send(request(path), BodyHandlers.ofString());
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

  private HttpRequest request(String path) {
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
