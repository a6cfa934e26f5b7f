package dev.sheave.internal;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The small holder through which static methods such as {@code Block.load} reach the process's
 * connection, so that their packages need not know it.
 */
public final class CurrentConnection {

  /** The services of a connection, by type. */
  public interface Services {
    /** Returns the service of a type. */
    <T> T service(Class<T> type);
  }

  private static volatile @Nullable Supplier<Services> source;

  private CurrentConnection() {}

  /** Says where the connection comes from. */
  public static void install(Supplier<Services> connection) {
    source = connection;
  }

  /** Returns a service of the process's connection, which is opened by the first call. */
  public static <T> T service(Class<T> type) {
    Supplier<Services> found = source;
    if (found == null) {
      try {
        Class.forName("dev.sheave.Sheave", true, CurrentConnection.class.getClassLoader());
      } catch (ClassNotFoundException e) {
        throw new LinkageError("dev.sheave.Sheave is not on the class path", e);
      }
      found = source;
    }
    if (found == null) {
      throw new IllegalStateException("no connection was installed");
    }
    return found.get().service(type);
  }
}
