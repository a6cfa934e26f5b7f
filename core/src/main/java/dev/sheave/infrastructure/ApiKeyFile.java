package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.internal.Arguments;

/** The file in which a container has the API key of its run, and which no mount may hide. */
public final class ApiKeyFile {
  /** The folder of the file. */
  public static final String FOLDER = "/etc/sheave";

  /** The name of the file in its folder. */
  public static final String NAME = "api-key";

  /** The path of the file. */
  public static final String PATH = FOLDER + "/" + NAME;

  private ApiKeyFile() {}

  /** Returns what is in the file: the key in a line. */
  public static String content(Secret key) {
    return Arguments.notNull(key, "key").reveal().strip() + "\n";
  }

  /**
   * Refuses a mount in place of the file or its folder. One beside the file in its folder is taken.
   *
   * @param field what has the mount, for the message
   * @param path where it is mounted
   * @param hidesKey whether the key can't be below it: the mount comes after the key's file, or
   *     nothing can be mounted in it. Then one at a parent of the folder is refused too.
   * @throws SheaveException {@code INVALID}
   */
  public static void checkMount(String field, String path, boolean hidesKey) {
    String clean = Mounts.clean(path);
    String inside = clean.equals("/") ? clean : clean + "/";
    if (clean.equals(FOLDER)
        || inside.startsWith(PATH + "/")
        || (hidesKey && FOLDER.startsWith(inside))) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + Arguments.notNull(field, "field")
              + "' can't mount anything at '"
              + path
              + "', because the run's API key is at '"
              + PATH
              + "'; choose another path.");
    }
  }
}
