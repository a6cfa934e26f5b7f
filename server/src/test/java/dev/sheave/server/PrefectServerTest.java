package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.OrchestrationProvider.Options;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.http.HttpOrchestrationProvider;
import dev.sheave.testkit.RequiredService;
import dev.sheave.testkit.orchestration.OrchestrationApiContract;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The client of servers keeps the contract with a server of Prefect 2.10.13, too. */
@ExtendWith(Waived.class)
class PrefectServerTest extends OrchestrationApiContract {
  @TempDir private Path home;
  private boolean isEmpty;

  @Override
  protected OrchestrationApi connect() throws IOException {
    String url = RequiredService.variable("prefect", "PREFECT_SERVER_URL");
    if (!isEmpty) {
      empty(url);
      isEmpty = true;
    }
    return new HttpOrchestrationProvider().open(new Options(url, home, null, null));
  }

  private static void empty(String url) throws IOException {
    post(url + "/admin/database/clear", "{\"confirm\": true}", 204);
    // which its tables have from the beginning
    post(
        url + "/work_pools/",
        "{\"name\": \"default-agent-pool\", \"type\": \"prefect-agent\"}",
        201);
  }

  private static void post(String url, String body, int expected) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    assertThat(connection.getResponseCode()).as(url).isEqualTo(expected);
    connection.disconnect();
  }
}
