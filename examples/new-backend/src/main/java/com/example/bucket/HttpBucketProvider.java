package com.example.bucket;

import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockTypeDescriptor;
import java.util.List;
import java.util.Set;

/** Tells Sheave which block types are in this jar. */
public final class HttpBucketProvider implements BlockProvider {

  /** For {@link java.util.ServiceLoader}. */
  public HttpBucketProvider() {}

  @Override
  public List<BlockTypeDescriptor> types() {
    return List.of(
        new BlockTypeDescriptor(
            "http-bucket",
            "HTTP Bucket",
            Set.of("get-directory", "put-directory", "read-path", "write-path"),
            "com.example.bucket.HttpBucket"));
  }
}
