package dev.sheave.storage.azure;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.CutConnectionContract;
import java.net.InetSocketAddress;
import java.net.URI;

class AzureCutConnectionTest extends CutConnectionContract {
  private final Azure block = AzureService.block().build();

  @Override
  protected InetSocketAddress server() {
    URI endpoint = URI.create(AzureService.endpoint());
    return new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
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
