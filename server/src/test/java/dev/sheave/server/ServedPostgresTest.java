package dev.sheave.server;

import dev.sheave.OrchestrationProvider.Options;
import dev.sheave.Sheave;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.http.HttpOrchestrationProvider;
import dev.sheave.block.Secret;
import dev.sheave.testkit.RequiredService;
import dev.sheave.testkit.orchestration.OrchestrationApiContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The client of servers and the server together keep the contract with records in PostgreSQL. */
class ServedPostgresTest extends OrchestrationApiContract {
  private final String schema = "test_" + UUID.randomUUID().toString().replace("-", "");

  @TempDir private Path home;
  private @Nullable Sheave sheave;
  private @Nullable SheaveServer server;

  @Override
  protected OrchestrationApi connect() throws SQLException {
    SheaveServer started = server;
    if (started == null) {
      started = start();
    }
    return new HttpOrchestrationProvider().open(new Options(started.url(), home, null, null));
  }

  private SheaveServer start() throws SQLException {
    String url = RequiredService.variable("postgres", "POSTGRES_URL");
    String password = RequiredService.variable("postgres", "POSTGRES_PASSWORD");
    execute("create schema " + schema);
    Sheave opened =
        Sheave.builder(Map.of())
            .url(url + "?currentSchema=" + schema)
            .key(Secret.of(password))
            .home(home)
            .connect();
    sheave = opened;
    SheaveServer started = SheaveServer.builder(opened).port(0).start();
    server = started;
    return started;
  }

  private static void execute(String sql) throws SQLException {
    String url = RequiredService.variable("postgres", "POSTGRES_URL");
    Properties properties = new Properties();
    properties.setProperty("user", url.replaceAll(".*//(.*)@.*", "$1"));
    properties.setProperty("password", RequiredService.variable("postgres", "POSTGRES_PASSWORD"));
    try (Connection connection =
            DriverManager.getConnection(url.replaceAll("//.*@", "//"), properties);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @AfterEach
  void stop() throws SQLException {
    if (server != null) {
      server.close();
    }
    if (sheave != null) {
      sheave.close();
      execute("drop schema " + schema + " cascade");
    }
  }
}
