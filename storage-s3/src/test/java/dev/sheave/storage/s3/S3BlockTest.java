package dev.sheave.storage.s3;

import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.testkit.block.BlockContract;

class S3BlockTest extends BlockContract {
  @Override
  protected Block example() {
    return S3.builder()
        .bucketPath("my-bucket/flows")
        .awsAccessKeyId(Secret.of("AKIAIOSFODNN7EXAMPLE"))
        .awsSecretAccessKey(Secret.of("wJalrXUtnFEMI/K7MDENG"))
        .build();
  }
}
