package dev.sheave.storage.gcs;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.CutConnectionContract;
import java.net.InetSocketAddress;
import java.net.URI;

class GcsCutConnectionTest extends CutConnectionContract {
  private final GCS block = GcsService.block().build();

  @Override
  protected InetSocketAddress server() {
    URI endpoint = URI.create(GcsService.endpoint());
    return new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
  }

  @Override
  protected WritableStorage openStorage(int port) {
    return block.toBuilder().endpointUrl("http://127.0.0.1:" + port).build();
  }

  @Override
  protected String secret() {
    return "the server of the tests lets everybody in";
  }
}
