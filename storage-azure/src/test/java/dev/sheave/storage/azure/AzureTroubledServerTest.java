package dev.sheave.storage.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sheave.block.Secret;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.TroubledServerContract;
import java.util.Base64;

class AzureTroubledServerTest extends TroubledServerContract {
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
}
