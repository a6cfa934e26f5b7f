package dev.sheave.server;

import dev.sheave.OrchestrationProvider.Options;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.http.HttpOrchestrationProvider;
import dev.sheave.testkit.orchestration.OrchestrationApiContract;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The client of servers and the server together keep the contract. */
class ServedOrchestrationTest extends OrchestrationApiContract {
  @TempDir private Path home;
  private @Nullable ServedStore served;

  @Override
  protected OrchestrationApi connect() {
    ServedStore store = served;
    if (store == null) {
      store = new ServedStore(home);
      served = store;
    }
    return new HttpOrchestrationProvider()
        .open(new Options(store.server.url().toString(), home, null, null));
  }

  @AfterEach
  void stop() {
    if (served != null) {
      served.close();
    }
  }
}
