package dev.sheave.storage.s3;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.KilledPutContract;

class S3KilledPutTest extends KilledPutContract {
  @Override
  protected WritableStorage openStorage(String place) {
    return S3Service.block().bucketPath(S3Service.bucket() + "/killed-puts/" + place).build();
  }
}
