package dev.sheave.storage.gcs;

import dev.sheave.testkit.RequiredService;
import java.util.UUID;

/** The server of {@code bin/services start gcs}. */
final class GcsService {
  private GcsService() {}

  static String bucket() {
    return variable("GCS_BUCKET");
  }

  static String endpoint() {
    return variable("GCS_ENDPOINT");
  }

  /** A block at a place that nobody has used. */
  static GCS.Builder block() {
    return GCS.builder()
        .bucketPath(bucket() + "/tests/" + UUID.randomUUID())
        .endpointUrl(endpoint());
  }

  private static String variable(String name) {
    return RequiredService.variable("gcs", name);
  }
}
