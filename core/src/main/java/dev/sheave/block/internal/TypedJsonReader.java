package dev.sheave.block.internal;

import dev.sheave.internal.TypedJson;
import java.util.List;
import java.util.Map;

/** Reads JSON values as the values of parameters are read. */
public final class TypedJsonReader implements TypedJson.Reader {

  /** For the service loader. */
  public TypedJsonReader() {}

  private static ElementType of(Class<?> type, String what) {
    return new ElementType(ValueTypes.of(ValueTypes.plain(type), "the " + what), false);
  }

  @Override
  public Object read(Object json, Class<?> type, String what) {
    return of(type, what).type().read(json, what, ReadContext.STRICT);
  }

  @Override
  public List<?> readList(Object json, Class<?> type, String what) {
    return (List<?>) new CollectionType(of(type, what), false).read(json, what, ReadContext.STRICT);
  }

  @Override
  @SuppressWarnings("unchecked") // its keys are strings
  public Map<String, ?> readMap(Object json, Class<?> type, String what) {
    return (Map<String, ?>) new MapType(of(type, what)).read(json, what, ReadContext.STRICT);
  }
}
