package dev.sheave.orchestrator;

import dev.sheave.OrchestrationProvider.Options;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.testkit.orchestration.OrchestrationApiContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteOrchestrationTest extends OrchestrationApiContract {
  @TempDir private Path home;

  @Override
  protected OrchestrationApi connect() {
    return new SqliteOrchestrationProvider()
        .open(new Options("jdbc:sqlite:" + home.resolve("sheave.db"), home, null, null));
  }
}
