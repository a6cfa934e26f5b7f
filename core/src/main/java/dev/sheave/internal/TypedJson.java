package dev.sheave.internal;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * JSON values as values of Java types. Whoever knows how types are read is found when it is needed,
 * so that the records of the protocol needn't know it.
 */
public final class TypedJson {

  /** Reads values of types. */
  public interface Reader {
    /**
     * Reads a value.
     *
     * @param what names it in messages
     */
    Object read(Object json, Class<?> type, String what);

    /** Reads a list of values. */
    List<?> readList(Object json, Class<?> type, String what);

    /** Reads values by key. */
    Map<String, ?> readMap(Object json, Class<?> type, String what);
  }

  private static final class Found {
    static final Reader READER =
        ServiceLoader.load(Reader.class, TypedJson.class.getClassLoader())
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("the jar of sheave-core isn't whole"));
  }

  private TypedJson() {}

  /**
   * Reads a value of a type.
   *
   * @throws dev.sheave.SheaveException {@code INVALID} if it is of another type
   */
  public static Object read(Object json, Class<?> type, String what) {
    return Found.READER.read(json, type, what);
  }

  /** Reads a list of values of a type. */
  public static List<?> readList(Object json, Class<?> type, String what) {
    return Found.READER.readList(json, type, what);
  }

  /** Reads values of a type by key. */
  public static Map<String, ?> readMap(Object json, Class<?> type, String what) {
    return Found.READER.readMap(json, type, what);
  }
}
