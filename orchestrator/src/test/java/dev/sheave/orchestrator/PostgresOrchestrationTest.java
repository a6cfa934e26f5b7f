package dev.sheave.orchestrator;

import dev.sheave.api.OrchestrationApi;
import dev.sheave.testkit.PostgresSchema;
import dev.sheave.testkit.orchestration.OrchestrationApiContract;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class PostgresOrchestrationTest extends OrchestrationApiContract {
  private final PostgresSchema schema = PostgresSchema.withoutRecords();

  @TempDir private Path home;

  @AfterEach
  void dropSchema() throws SQLException {
    schema.close();
  }

  @Override
  protected OrchestrationApi connect() {
    return Stores.open(schema, home);
  }
}
