package dev.sheave.internal;

/** Says what to do about a module of Sheave that the service loader doesn't find. */
public final class MissingModule {
  private MissingModule() {}

  /**
   * Returns what to do, as the end of a sentence without its full stop.
   *
   * @param artifact the module's, such as {@code sheave-server}
   * @param packageName a package of the module
   * @param absent what to do if the module really isn't there
   */
  public static String remedy(String artifact, String packageName, String absent) {
    String anyClass = packageName.replace('.', '/') + "/package-info.class";
    return MissingModule.class.getClassLoader().getResource(anyClass) == null
        ? absent
        : "dev.sheave:"
            + artifact
            + " is there, but isn't listed in META-INF/services: if jars were merged into one, let"
            + " these files be merged, too (the ServicesResourceTransformer of Maven's Shade plugin,"
            + " mergeServiceFiles() of Gradle's Shadow plugin)";
  }

  /** As the other, where the module has to be added to the class path. */
  public static String remedy(String artifact, String packageName) {
    return remedy(artifact, packageName, "add dev.sheave:" + artifact + " to the class path");
  }
}
