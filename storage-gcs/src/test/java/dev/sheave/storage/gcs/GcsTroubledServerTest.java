package dev.sheave.storage.gcs;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.TroubledServerContract;

class GcsTroubledServerTest extends TroubledServerContract {
  @Override
  protected ReadableStorage openStorage(String url, String secret) {
    return GCS.builder().bucketPath("bucket/flows").endpointUrl(url).build();
  }
}
