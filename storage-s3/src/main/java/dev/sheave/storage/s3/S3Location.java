package dev.sheave.storage.s3;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.UrlLogin;
import dev.sheave.storage.transfer.RelativePath;

/**
 * A bucket and a folder in it.
 *
 * @param bucket its name
 * @param folder {@link RelativePath#ROOT} for all of it
 */
record S3Location(String bucket, RelativePath folder) {
  private static final String SCHEME = "s3://";

  /**
   * Reads {@code bucket/folder}; slashes at either end don't matter, nor does {@code s3://} in
   * front.
   *
   * @throws SheaveException {@code INVALID}
   */
  static S3Location parse(String bucketPath) {
    UrlLogin.refuse("bucket_path", bucketPath, "set aws_access_key_id and aws_secret_access_key");
    String text = bucketPath.strip();
    RelativePath path =
        RelativePath.of(text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text);
    if (path.isRoot()) {
      throw new SheaveException(
          Code.INVALID,
          "The bucket_path '" + bucketPath + "' must name a bucket, such as 'my-bucket/a/folder'.");
    }
    String bucket = path.toString();
    int slash = bucket.indexOf('/');
    return slash < 0
        ? new S3Location(bucket, RelativePath.ROOT)
        : new S3Location(bucket.substring(0, slash), RelativePath.of(bucket.substring(slash + 1)));
  }

  /** Returns the address of a path, for messages. */
  String of(RelativePath path) {
    RelativePath key = folder.resolve(path);
    return SCHEME + bucket + (key.isRoot() ? "" : "/" + key);
  }
}
