package dev.sheave.storage.github;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.sheave.block.Secret;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.OwnProcess;
import dev.sheave.testkit.storage.ImpostorServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token goes to the server that it was given for: its scheme, its host and its port. */
class GitHubTokenTest {
  private static final String TOKEN = "canary8f3a-token";
  private static final String HOST = "git.example.com";

  @TempDir Path folder;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private String redirect = "";

  /** Fetches a repository with a token. */
  static final class Fetch implements OwnProcess.Program {
    @Override
    public String run(List<String> arguments) {
      GitHub.builder()
          .repository("https://" + HOST + "/org/x")
          .accessToken(Secret.of(TOKEN))
          .build()
          .getDirectory(
              RelativePath.ROOT, Path.of(arguments.get(0), "target"), TransferOptions.DEFAULTS);
      return "fetched";
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String host = exchange.getRequestHeaders().getFirst("Host");
    String login = exchange.getRequestHeaders().getFirst("Authorization");
    asked.add(host + " " + (login == null ? "without" : "with") + " a token");
    if (host.equals(HOST) && login != null) {
      exchange.getResponseHeaders().set("Location", redirect + exchange.getRequestURI().toString());
      ImpostorServer.answer(exchange, 302, "");
    } else {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
      ImpostorServer.answer(exchange, 401, "");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://git.example.com:8443", "https://other.example.com"})
  void itIsNotSentToWhereTheServerRedirects(String other) throws Exception {
    redirect = other;
    try (ImpostorServer server =
        new ImpostorServer(folder, Map.of(HOST, this::answer, "other.example.com", this::answer))) {
      OwnProcess process = new OwnProcess(folder);
      process.javaOptions().addAll(server.javaOptions());
      process.environment().put("SHEAVE_HOME", folder.resolve("home").toString());

      OwnProcess.Answer answer = process.run(Fetch.class, folder.toString());

      assertThat(answer.text()).startsWith("PERMISSION_DENIED");
      assertThat(answer.text() + answer.trace() + answer.printed()).doesNotContain(TOKEN);
      assertThat(asked)
          .contains(HOST + " with a token", other.substring(8) + " without a token")
          .doesNotContain(other.substring(8) + " with a token");
    }
  }
}
