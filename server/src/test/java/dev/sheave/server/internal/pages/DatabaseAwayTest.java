package dev.sheave.server.internal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import dev.sheave.Sheave;
import dev.sheave.block.Secret;
import dev.sheave.testkit.RequiredService;
import dev.sheave.testkit.storage.CutConnection;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages while their database is away. */
class DatabaseAwayTest {
  private final String schema = "test_" + UUID.randomUUID().toString().replace("-", "");

  @TempDir Path folder;

  @BeforeEach
  void createSchema() throws SQLException {
    execute("create schema " + schema);
  }

  @AfterEach
  void dropSchema() throws SQLException {
    execute("drop schema " + schema + " cascade");
  }

  private static URI database() {
    return URI.create(
        RequiredService.variable("postgres", "POSTGRES_URL").substring("jdbc:".length()));
  }

  private static String password() {
    return RequiredService.variable("postgres", "POSTGRES_PASSWORD");
  }

  private static void execute(String sql) throws SQLException {
    URI database = database();
    String url = "jdbc:postgresql://127.0.0.1:" + database.getPort() + database.getPath();
    try (Connection connection =
            DriverManager.getConnection(url, database.getUserInfo(), password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Sheave connect(int port) {
    return Sheave.builder(Map.of())
        .url(
            "jdbc:postgresql://"
                + database().getUserInfo()
                + "@127.0.0.1:"
                + port
                + database().getPath()
                + "?currentSchema="
                + schema)
        .key(Secret.of(password()))
        .home(folder)
        .connect();
  }

  @Test
  void aPageSaysSoAndComesBackByItself() throws Exception {
    try (CutConnection way = new CutConnection(database().getPort());
        ServedPages pages = new ServedPages(connect(way.port()), "", new NewContextOptions())) {
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
}
