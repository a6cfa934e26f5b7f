package dev.sheave.server.internal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.LogLevel;
import dev.sheave.api.NewFlowRun;
import dev.sheave.testkit.PostgresSchema;
import dev.sheave.testkit.storage.CutConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages while their database is away. */
class DatabaseAwayTest {
  private final PostgresSchema schema = new PostgresSchema();

  @TempDir Path folder;

  @AfterEach
  void dropSchema() throws SQLException {
    schema.close();
  }

  @Test
  void aPageSaysSoAndComesBackByItself() throws Exception {
    try (CutConnection way = new CutConnection(schema.port());
        ServedPages pages =
            new ServedPages(schema.connect(way.port(), folder), "", new NewContextOptions())) {
      Page page = pages.open("/variables").page;
      assertThat(page.locator("h1")).hasText("Variables");
      way.cutAfterAsked(0);

      Response answer =
          page.navigate(
              pages.address("/variables"), new Page.NavigateOptions().setTimeout(120_000));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(page.locator("h1")).hasText("The database doesn't answer");
      way.restore();
      assertThat(page.locator("h1")).hasText("Variables");
    }
  }

  @Test
  void nobodyTakesAPartOfALogForAllOfIt() throws Exception {
    try (CutConnection way = new CutConnection(schema.port());
        ServedPages pages =
            new ServedPages(schema.connect(way.port(), folder), "", new NewContextOptions())) {
      FlowRunApi api = pages.sheave.api().flowRuns();
      UUID flow = pages.sheave.api().deployments().createFlow("log-flow").id();
      UUID run = api.createFlowRunOfFlow(flow, NewFlowRun.at(Instant.now())).id();
      for (int batch = 0; batch < 5; batch++) {
        api.createLogs(
            Collections.nCopies(
                1000, new NewLogLine(run, "flow", LogLevel.INFO, "x".repeat(100), Instant.now())));
      }
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(pages.address("/runs/" + run + "/log"))).build();
      HttpClient client = HttpClient.newHttpClient();
      assertThat(client.send(request, BodyHandlers.ofLines()).body()).hasSize(5000);
      way.cutAfterAnswered(200_000);

      assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
    }
  }
}
