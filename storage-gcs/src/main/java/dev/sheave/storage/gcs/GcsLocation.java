package dev.sheave.storage.gcs;

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
record GcsLocation(String bucket, RelativePath folder) {
  private static final String SCHEME = "gcs://";

  /**
   * Reads {@code bucket/folder}; slashes at either end don't matter, nor does {@code gcs://} or
   * {@code gs://} in front.
   *
   * @throws SheaveException {@code INVALID}
   */
  static GcsLocation parse(String bucketPath) {
    UrlLogin.refuse("bucket_path", bucketPath, "set service_account_info");
    RelativePath path = RelativePath.of(bucketPath.strip().replaceFirst("^(gcs|gs)://", ""));
    if (path.isRoot()) {
      throw new SheaveException(
          Code.INVALID,
          "The bucket_path '" + bucketPath + "' must name a bucket, such as 'my-bucket/a/folder'.");
    }
    String bucket = path.toString();
    int slash = bucket.indexOf('/');
    return slash < 0
        ? new GcsLocation(bucket, RelativePath.ROOT)
        : new GcsLocation(bucket.substring(0, slash), RelativePath.of(bucket.substring(slash + 1)));
  }

  /** Returns the address of a path, for messages. */
  String of(RelativePath path) {
    RelativePath key = folder.resolve(path);
    return SCHEME + bucket + (key.isRoot() ? "" : "/" + key);
  }
}
