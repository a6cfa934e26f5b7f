package dev.sheave.storage.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.TroubledServer;
import dev.sheave.testkit.storage.TroubledServerContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AzureTroubledServerTest extends TroubledServerContract {
  @TempDir Path temporary;

  @Override
  protected ReadableStorage openStorage(String url, String secret) {
    return Azure.builder()
        .bucketPath("container/flows")
        .endpointUrl(url + "/account")
        .azureStorageAccountName(Secret.of("account"))
        .azureStorageAccountKey(
            Secret.of(Base64.getEncoder().encodeToString(secret.getBytes(UTF_8))))
        .build();
  }

  @Test
  void aLoginPageIsTakenForNothing() throws IOException {
    try (TroubledServer server = TroubledServer.showingLogin()) {
      Refusal.ofEach(
          openStorage(server.url(), Refusal.CANARY),
          temporary,
          Code.UNAVAILABLE,
          server.url() + "/account didn't answer as Azure: check endpoint_url and the network");
    }
  }
}
