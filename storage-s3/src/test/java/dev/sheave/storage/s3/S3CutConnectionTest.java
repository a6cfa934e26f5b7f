package dev.sheave.storage.s3;

import dev.sheave.block.Secret;
import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.CutConnectionContract;
import java.net.URI;

class S3CutConnectionTest extends CutConnectionContract {
  private final S3 block = S3Service.block().build();

  @Override
  protected int port() {
    return URI.create(block.endpointUrl().orElseThrow()).getPort();
  }

  @Override
  protected WritableStorage openStorage(int port) {
    return block.toBuilder().endpointUrl("http://127.0.0.1:" + port).build();
  }

  @Override
  protected String secret() {
    return block.awsSecretAccessKey().map(Secret::reveal).orElseThrow();
  }
}
