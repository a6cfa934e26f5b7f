package dev.sheave.storage.gcs;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.TroubledServer;
import dev.sheave.testkit.storage.TroubledServerContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GcsTroubledServerTest extends TroubledServerContract {
  @TempDir Path temporary;

  @Override
  protected ReadableStorage openStorage(String url, String secret) {
    return GCS.builder().bucketPath("bucket/flows").endpointUrl(url).build();
  }

  @Test
  void aLoginPageIsTakenForNothingElse() throws IOException {
    try (TroubledServer server = TroubledServer.showingLogin()) {
      Refusal.ofEach(
          openStorage(server.url(), Refusal.CANARY),
          temporary,
          Code.UNAVAILABLE,
          server.url() + " sent a response that isn't valid: check endpoint_url");
    }
  }
}
