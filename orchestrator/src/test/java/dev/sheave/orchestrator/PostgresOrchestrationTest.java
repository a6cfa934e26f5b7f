package dev.sheave.orchestrator;

import dev.sheave.api.OrchestrationApi;
import dev.sheave.testkit.orchestration.OrchestrationApiContract;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class PostgresOrchestrationTest extends OrchestrationApiContract {
  private final PostgresSchema schema = new PostgresSchema();

  @TempDir private Path home;

  @BeforeEach
  void createSchema() throws SQLException {
    schema.create();
  }

  @AfterEach
  void dropSchema() throws SQLException {
    schema.drop();
  }

  @Override
  protected OrchestrationApi connect() {
    return schema.open(home);
  }
}
