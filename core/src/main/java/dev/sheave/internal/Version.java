package dev.sheave.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of Sheave. */
public final class Version {
  private static final String CURRENT = read();

  private Version() {}

  /** Returns Sheave's version. */
  public static String current() {
    return CURRENT;
  }

  /**
   * Returns the version of the software a class is from: Sheave's for its own, else that of the
   * jar's manifest, else {@code non-versioned}, as the reference has it.
   */
  public static String of(Class<?> type) {
    if (type.getName().startsWith("dev.sheave.")) {
      return CURRENT;
    }
    String version = type.getPackage().getImplementationVersion();
    return version == null ? "non-versioned" : version;
  }

  private static String read() {
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
