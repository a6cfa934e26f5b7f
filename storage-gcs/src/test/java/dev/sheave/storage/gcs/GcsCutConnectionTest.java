package dev.sheave.storage.gcs;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.CutConnectionContract;
import java.net.URI;

class GcsCutConnectionTest extends CutConnectionContract {
  private final GCS block = GcsService.block().build();

  @Override
  protected int port() {
    return URI.create(GcsService.endpoint()).getPort();
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
