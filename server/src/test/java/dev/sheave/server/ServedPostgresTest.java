package dev.sheave.server;

import dev.sheave.OrchestrationProvider.Options;
import dev.sheave.Sheave;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.http.HttpOrchestrationProvider;
import dev.sheave.testkit.PostgresSchema;
import dev.sheave.testkit.orchestration.OrchestrationApiContract;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The client of servers and the server together keep the contract with records in PostgreSQL. */
class ServedPostgresTest extends OrchestrationApiContract {
  @TempDir private Path home;
  private @Nullable PostgresSchema records;
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
    PostgresSchema made = PostgresSchema.withoutRecords();
    records = made;
    Sheave opened = made.connect(made.port(), home);
    sheave = opened;
    SheaveServer started = SheaveServer.builder(opened).port(0).start();
    server = started;
    return started;
  }

  @AfterEach
  void stop() throws SQLException {
    if (server != null) {
      server.close();
    }
    if (sheave != null) {
      sheave.close();
    }
    if (records != null) {
      records.close();
    }
  }
}
