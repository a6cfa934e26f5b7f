package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.internal.Json;
import dev.sheave.testkit.OwnProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ServerCommandsTest {
  private static final Pattern URL = Pattern.compile("API: (http://127\\.0\\.0\\.1:\\d+/api)");

  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void open() throws Exception {
    shell = new Shell(folder);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aServerAnswersUntilItIsTerminated() throws Exception {
    Path output = folder.resolve("output");
    Process server = start(output, Map.of());
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> URL.matcher(Files.readString(output)).find());
      Matcher url = URL.matcher(Files.readString(output));
      assertThat(url.find()).isTrue();

      assertThat(shell.sheave("server status --url " + url.group(1)).out())
          .contains("Server:   " + url.group(1), "Version:  ", "Database: ready");

      shell.set("SHEAVE_API_URL", url.group(1));
      assertThat(shell.sheave("server status").out()).contains("Server:   " + url.group(1));
      // without keys everybody on the machine is an administrator
      assertThat(shell.sheave("server prune --older-than 60d").out()).startsWith("Removed 0 flow");
      String key = shell.sheave("api-key create admin --scope admin").out().strip();
      assertThat(shell.sheave("api-key ls").err()).contains("wants an API key");
      shell.set("SHEAVE_API_KEY", key);
      assertThat(shell.sheave("api-key ls").out()).contains("admin");
      assertThat(shell.sheave("api-key revoke admin").out()).contains("Revoked");
      shell.set("SHEAVE_API_KEY", "");
      shell.set("SHEAVE_API_URL", "");

      assertThat(new ProcessBuilder("kill", "-TERM", "" + server.pid()).start().waitFor()).isZero();
      assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue()).isZero();
      assertThat(Files.readString(output))
          .contains("Pages: " + url.group(1).replaceFirst("api$", "") + "\n")
          .endsWith("Server stopped!\n");
      assertThat(shell.sheave("server status --url " + url.group(1)).err())
          .isEqualTo(
              "No server answers at " + url.group(1) + "; start one with 'sheave server start'.\n");
    } finally {
      server.destroyForcibly();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void itsLogIsJsonThatTellsOfRequestsAndOfNoSecret() throws Exception {
    Path output = folder.resolve("output");
    String key = shell.sheave("api-key create admin --scope admin").out().strip();
    Process server = start(output, Map.of("SHEAVE_LOGGING_LEVEL", "TRACE"), "--log-format", "json");
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> URL.matcher(Files.readString(output)).find());
      Matcher url = URL.matcher(Files.readString(output));
      assertThat(url.find()).isTrue();
      URI api = URI.create(url.group(1) + "/");

      String secret = "c4n4ry";
      assertThat(send(api.resolve("flows/?note=" + secret), key, "{\"name\": \"" + secret + "\"}"))
          .isEqualTo(201);
      assertThat(send(api.resolve("flows/"), key, "{\"name\": " + secret)).isEqualTo(422);
      assertThat(send(api.resolve("flows/"), "shv_" + secret, "{}")).isEqualTo(401);

      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> lines(output).stream().anyMatch(line -> "401".equals(line.get("status"))));
      assertThat(new ProcessBuilder("kill", "-TERM", "" + server.pid()).start().waitFor()).isZero();
      assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();

      assertThat(lines(output))
          .allSatisfy(line -> assertThat(line).containsKeys("time", "level", "logger", "message"))
          .anySatisfy(line -> assertThat(line).containsEntry("message", "Server stopped!"))
          .anySatisfy(
              line ->
                  assertThat(line)
                      .containsEntry("request", "from-test")
                      .containsEntry("method", "POST")
                      .containsEntry("path", "/api/flows/")
                      .containsEntry("status", "201")
                      .containsEntry("level", "INFO")
                      .containsKeys("millis", "address"));
      assertThat(Files.readString(output)).doesNotContain(secret, key);
    } finally {
      server.destroyForcibly();
    }
  }

  private static int send(URI url, String key, String body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(url)
                .header("Authorization", "Bearer " + key)
                .header("X-Request-ID", "from-test")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** The lines of a log, each of which must be a JSON object. */
  private static List<Map<String, Object>> lines(Path log) throws IOException {
    String text = Files.readString(log);
    // the last line may be on its way
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .map(line -> Json.asObject(Json.parseObject(line, "log")))
        .toList();
  }

  private Process start(Path output, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> words = new ArrayList<>(List.of("server", "start", "--port", "0"));
    words.addAll(List.of(arguments));
    ProcessBuilder builder =
        OwnProcess.java(List.of(), Main.class, words.toArray(String[]::new))
            .directory(shell.directory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("SHEAVE_HOME", shell.home().toString());
    return builder.start();
  }

  @Test
  void aServerForOthersIsRefused() {
    assertThat(shell.sheave("server start --host 0.0.0.0").err())
        .contains("The server has no API keys", "--unsafe-no-keys");
  }

  @Test
  void oldRunsAreRemoved() {
    assertThat(shell.sheave("server prune --older-than 60d").out())
        .isEqualTo("Removed 0 flow runs and 0 audit entries.\n");
    assertThat(shell.sheave("server prune --older-than long").err()).contains("--older-than must");
    assertThat(shell.sheave("server prune --older-than 1d --state COMPLETED,FAILED --keep 9").out())
        .startsWith("Removed 0 flow runs");
    assertThat(shell.sheave("server prune --older-than 1d --state RUNNING").err())
        .contains("Only runs that are over are removed");
  }

  @Test
  void theDatabaseIsCopiedIntoAFile() {
    assertThat(shell.sheave("flow ls").code()).isZero();
    assertThat(shell.sheave("server backup records.db").out())
        .startsWith("Copied the records of jdbc:sqlite:")
        .contains(" to '" + shell.directory().resolve("records.db") + "' (");
    assertThat(shell.directory().resolve("records.db")).isNotEmptyFile();
    assertThat(shell.sheave("server backup records.db").err()).contains("exists already");
  }

  @Test
  void anAddressThatIsNoneIsRefused() {
    assertThat(shell.sheave("server status --url nonsense").err())
        .contains("'nonsense' isn't the URL of a server's API");
  }
}
