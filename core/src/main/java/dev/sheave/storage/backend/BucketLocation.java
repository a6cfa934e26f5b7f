package dev.sheave.storage.backend;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.net.Endpoint;
import dev.sheave.storage.transfer.RelativePath;
import java.util.regex.Pattern;

/**
 * A bucket or container of an object store, and a folder in it.
 *
 * @param scheme of its address: {@code s3}
 * @param bucket its name
 * @param folder {@link RelativePath#ROOT} for all of it
 */
public record BucketLocation(String scheme, String bucket, RelativePath folder) {
  /** No name of a bucket has a colon. */
  private static final Pattern ADDRESS = Pattern.compile("/*[^/]*:");

  /**
   * Reads a block's {@code bucket_path}: {@code bucket/folder}. Slashes at either end don't matter,
   * nor does {@code scheme://} in front.
   *
   * @param kind of the store, for messages: {@code bucket} or {@code container}
   * @param instead what to do if it contains a login, for messages: {@code set service_account}
   * @param scheme of its address
   * @param alias another scheme that is understood; the same if there is none
   * @throws SheaveException {@code INVALID}
   */
  public static BucketLocation parse(
      String bucketPath, String kind, String instead, String scheme, String alias) {
    Endpoint.refuseLogin("bucket_path", bucketPath, instead);
    String text = bucketPath.strip();
    for (String start : new String[] {scheme + "://", alias + "://"}) {
      text = text.startsWith(start) ? text.substring(start.length()) : text;
    }
    if (ADDRESS.matcher(text).lookingAt()) {
      // it isn't shown: an address may have a credential in its query
      throw new SheaveException(
          Code.INVALID,
          "The bucket_path starts with an address or an ARN: give only "
              + kind
              + "/folder, and the server in endpoint_url.");
    }
    RelativePath path = RelativePath.of(text);
    if (path.isRoot()) {
      throw new SheaveException(
          Code.INVALID,
          "The bucket_path '"
              + bucketPath
              + "' must name a "
              + kind
              + ", such as 'my-"
              + kind
              + "/a/folder'.");
    }
    String name = path.toString();
    int slash = name.indexOf('/');
    return slash < 0
        ? new BucketLocation(scheme, name, RelativePath.ROOT)
        : new BucketLocation(
            scheme, name.substring(0, slash), RelativePath.of(name.substring(slash + 1)));
  }

  /** Returns the address of a path, for messages. */
  public String of(RelativePath path) {
    RelativePath key = folder.resolve(path);
    return scheme + "://" + bucket + (key.isRoot() ? "" : "/" + key);
  }
}
