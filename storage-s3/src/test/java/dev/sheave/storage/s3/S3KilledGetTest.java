package dev.sheave.storage.s3;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.KilledGetContract;

class S3KilledGetTest extends KilledGetContract {
  @Override
  protected WritableStorage openStorage(String place) {
    return S3Service.block().bucketPath(S3Service.bucket() + "/killed-puts/" + place).build();
  }
}
