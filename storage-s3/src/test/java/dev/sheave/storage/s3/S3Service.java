package dev.sheave.storage.s3;

import dev.sheave.block.Secret;
import dev.sheave.testkit.RequiredService;
import java.net.URI;
import java.util.UUID;
import software.amazon.awssdk.services.s3.S3Client;

/** The S3 server of {@code bin/services start s3}. */
final class S3Service {
  private S3Service() {}

  static String bucket() {
    return variable("S3_BUCKET");
  }

  /** A block at a place that nobody has used. */
  static S3.Builder block() {
    return S3.builder()
        .bucketPath(bucket() + "/tests/" + UUID.randomUUID())
        .endpointUrl(variable("S3_ENDPOINT"))
        .awsAccessKeyId(Secret.of(variable("S3_ACCESS_KEY_ID")))
        .awsSecretAccessKey(Secret.of(variable("S3_SECRET_ACCESS_KEY")));
  }

  /** The client of the blocks. */
  static S3Client client() {
    return S3Clients.of(
            new S3Clients.Settings(
                Secret.of(variable("S3_ACCESS_KEY_ID")),
                Secret.of(variable("S3_SECRET_ACCESS_KEY")),
                null,
                null,
                null,
                URI.create(variable("S3_ENDPOINT")),
                null))
        .client();
  }

  private static String variable(String name) {
    return RequiredService.variable("s3", name);
  }
}
