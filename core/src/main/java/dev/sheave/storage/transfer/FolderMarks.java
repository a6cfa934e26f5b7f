package dev.sheave.storage.transfer;

import dev.sheave.storage.transfer.ObjectSource.StoredObject;

/**
 * The empty objects that consoles, file system gateways and Hadoop's tools leave for folders, in
 * stores that have none. They aren't files.
 */
final class FolderMarks {
  private static final String HADOOP_SUFFIX = "_$folder$";

  private FolderMarks() {}

  /**
   * Whether an object is one.
   *
   * @param name its name, as seen from the place of a transfer
   */
  static boolean isMark(String name, StoredObject object) {
    return isSlash(name, object) || (object.size() == 0 && name.endsWith(HADOOP_SUFFIX));
  }

  /** Whether an object is one whose name no file can have. */
  static boolean isSlash(String name, StoredObject object) {
    return object.size() == 0 && (name.isEmpty() || name.endsWith("/"));
  }
}
