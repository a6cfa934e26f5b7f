package dev.sheave.storage.azure;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.CutConnectionContract;
import java.net.URI;

class AzureCutConnectionTest extends CutConnectionContract {
  private final Azure block = AzureService.block().build();

  @Override
  protected int port() {
    return URI.create(AzureService.endpoint()).getPort();
  }

  @Override
  protected WritableStorage openStorage(int port) {
    String endpoint = AzureService.endpoint().replaceFirst(":[0-9]+", ":" + port);
    return block.toBuilder().endpointUrl(endpoint).build();
  }

  @Override
  protected String secret() {
    return AzureService.accountKey().reveal();
  }
}
