package dev.sheave.orchestrator;

import dev.sheave.api.OrchestrationApi;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteChangesAtOnceTest extends ChangesAtOnce {
  @TempDir private Path home;

  @Override
  OrchestrationApi open() {
    return Stores.open(home);
  }
}
