package dev.sheave.storage.azure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.UrlLogin;
import dev.sheave.storage.transfer.RelativePath;

/**
 * A container and a folder in it.
 *
 * @param container its name
 * @param folder {@link RelativePath#ROOT} for all of it
 */
record AzureLocation(String container, RelativePath folder) {
  private static final String SCHEME = "az://";

  /**
   * Reads {@code container/folder}; slashes at either end don't matter, nor does {@code az://} in
   * front.
   *
   * @throws SheaveException {@code INVALID}
   */
  static AzureLocation parse(String bucketPath) {
    UrlLogin.refuse(
        "bucket_path", bucketPath, "set azure_storage_account_name and azure_storage_account_key");
    String text = bucketPath.strip();
    RelativePath path =
        RelativePath.of(text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text);
    if (path.isRoot()) {
      throw new SheaveException(
          Code.INVALID,
          "The bucket_path '"
              + bucketPath
              + "' must name a container, such as 'my-container/a/folder'.");
    }
    String container = path.toString();
    int slash = container.indexOf('/');
    return slash < 0
        ? new AzureLocation(container, RelativePath.ROOT)
        : new AzureLocation(
            container.substring(0, slash), RelativePath.of(container.substring(slash + 1)));
  }

  /** Returns the address of a path, for messages. */
  String of(RelativePath path) {
    RelativePath key = folder.resolve(path);
    return SCHEME + container + (key.isRoot() ? "" : "/" + key);
  }
}
