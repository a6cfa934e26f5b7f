package com.example.bucket;

import dev.sheave.SheaveException;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.storage.ObjectStorage;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import java.net.URI;
import java.net.URISyntaxException;

/** Storage in a bucket that is served over HTTP. */
@BlockType(
    slug = "http-bucket",
    name = "HTTP Bucket",
    description = "Store data in a bucket that is served over HTTP.",
    logo = "http-bucket.svg",
    documentationUrl = "https://example.com/docs/http-bucket",
    codeExample =
        """
        ```java
        HttpBucket storage = Block.load("http-bucket/BLOCK_NAME", HttpBucket.class);
        ```""")
public final class HttpBucket extends ObjectStorage {
  private final String url;
  private final Secret token;

  /** A bucket. */
  public HttpBucket(
      @BlockField(description = "The bucket's URL.", placeholder = "https://example.com/bucket")
          String url,
      @BlockField(description = "The token that authenticates the user.") Secret token) {
    this.url = url;
    this.token = token;
  }

  @Override
  public HttpBucket save(String name) {
    return save(name, SaveMode.CREATE);
  }

  @Override
  public HttpBucket save(String name, SaveMode mode) {
    return (HttpBucket) super.save(name, mode);
  }

  @Override
  protected ObjectStore openStore() {
    return new HttpBucketStore(base(), token);
  }

  @Override
  public String location(RelativePath path) {
    return path.isRoot() ? base().toString() : base() + "/" + path;
  }

  /** A slash at the end doesn't matter. */
  private URI base() {
    try {
      return new URI(url.replaceFirst("/+$", ""));
    } catch (URISyntaxException e) {
      throw new SheaveException(
          SheaveException.Code.INVALID, "'" + url + "' isn't a URL: " + e.getReason() + ".", e);
    }
  }
}
