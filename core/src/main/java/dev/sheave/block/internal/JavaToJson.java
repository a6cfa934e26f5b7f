package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretMap;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.Json;
import dev.sheave.internal.Surrogates;
import dev.sheave.internal.TypeNames;
import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.Array;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Converts Java values to JSON values.
 *
 * <p>JSON values stay as they are. Dates, times, durations, URIs, paths, enums and records are
 * converted as in fields of documents. Arrays and collections become lists, and an {@link Optional}
 * becomes its content or null. If the expected type is a sealed interface, a record also gets the
 * key that names its variant.
 */
public final class JavaToJson {
  /** The limit of JSON parsers. */
  private static final int MAX_DEPTH = 500;

  /** Converts values that have no JSON form of their own. */
  public interface Context {

    /**
     * Returns the JSON value of a secret, in a place where a secret is expected.
     *
     * @param path names the place in messages
     */
    @Nullable Object secret(Secret secret, String path);

    /** Returns the JSON value of a block. */
    @Nullable Object block(Block block, String path);

    /**
     * Returns whether secrets are taken anywhere, since what comes of the conversion is checked for
     * them; then those of a {@link SecretMap} stay in it.
     */
    default boolean isChecked() {
      return false;
    }
  }

  /** For values that are stored in the clear: refuses secrets, and blocks. */
  public static final Context IN_THE_CLEAR =
      new Context() {
        @Override
        public Object secret(Secret secret, String path) {
          throw inTheClear(path);
        }

        @Override
        public Object block(Block block, String path) {
          throw new SheaveException(
              Code.INVALID, "'" + path + "' can't be a block; load it where it is used.");
        }
      };

  /** The values of their subtypes have a form in JSON. */
  private static final List<Class<?>> JSON_TYPES =
      List.of(
          Number.class, CharSequence.class, Enum.class, Map.class, Collection.class, Record.class);

  /** Interfaces that no value with a form in JSON has. */
  private static final List<Class<?>> NEVER_JSON =
      List.of(
          Stream.class,
          IntStream.class,
          LongStream.class,
          DoubleStream.class,
          Iterator.class,
          Future.class,
          CompletionStage.class,
          InputStream.class,
          Reader.class);

  private final Context context;

  /** The containers around the current value. */
  private final Set<Object> around = Collections.newSetFromMap(new IdentityHashMap<>());

  private JavaToJson(Context context) {
    this.context = context;
  }

  /**
   * Converts a value. Maps and lists in the result are new and modifiable.
   *
   * @param path names the value in messages
   * @param type the expected type; null if it isn't known
   * @throws SheaveException {@code INVALID}, naming the path, for a value that JSON can't
   *     represent, a secret where none is expected, or a container that contains itself
   */
  public static @Nullable Object convert(
      @Nullable Object value, String path, @Nullable ValueType type, Context context) {
    return new JavaToJson(context).convert(value, path, type);
  }

  /**
   * Returns the JSON object of a block's own fields, see {@link #write(Object, String, Context)}.
   */
  public static Map<String, @Nullable Object> write(Object owner, Context context) {
    return write(owner, "", context);
  }

  /**
   * Returns the JSON object of a block's own fields; it may be changed.
   *
   * @param path names the block in messages; empty for none
   * @throws SheaveException as {@link #convert} does, naming all invalid fields
   */
  public static Map<String, @Nullable Object> write(Object owner, String path, Context context) {
    return new JavaToJson(context).fields(owner, path.isEmpty() ? "" : path + ".");
  }

  /** Returns the JSON object of an object's fields, given as Java values. */
  public static Map<String, @Nullable Object> convertFields(
      ObjectModel model, Map<String, ? extends @Nullable Object> values, Context context) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    Problems problems = new Problems();
    values.forEach(
        (name, value) -> {
          FieldModel field = model.fields().get(Arguments.require(name, "The name of a field"));
          ValueType type = field == null ? null : field.type();
          json.put(name, problems.collect(name, () -> convert(value, name, type, context)));
        });
    problems.throwIfAny();
    return json;
  }

  /** Returns the JSON object of Java values of which every leaf is a secret. */
  public static Object convertSecrets(
      Map<String, ? extends @Nullable Object> values, Context context) {
    return new JavaToJson(context).object(values, "value", SecretMapType.INSTANCE);
  }

  private @Nullable Object convert(@Nullable Object value, String path, @Nullable ValueType type) {
    if (value == null || value instanceof Boolean) {
      return value;
    }
    if (value instanceof CharSequence || value instanceof Character) {
      return text(value.toString(), path);
    }
    if (value instanceof Number number) {
      return number(number, path, type);
    }
    if (value instanceof Optional<?> optional) {
      return convert(optional.orElse(null), path, type);
    }
    if (value instanceof Secret secret) {
      if (type != SecretType.INSTANCE && !context.isChecked()) {
        throw inTheClear(path);
      }
      text(secret.reveal(), path);
      return context.secret(secret, path);
    }
    if (value instanceof SecretMap && context.isChecked()) {
      return value;
    }
    if (value instanceof SecretMap secrets) {
      if (type != SecretMapType.INSTANCE) {
        throw inTheClear(path);
      }
      return leaves(secrets.reveal(), path);
    }
    if (value instanceof Block block) {
      return context.block(block, path);
    }
    if (value instanceof Enum<?> constant) {
      return EnumType.nameOf(constant);
    }
    ScalarType scalar = Scalars.ofValue(value);
    if (scalar != null) {
      return scalar.toJson(value);
    }
    if (!isContainer(value)) {
      throw noJson(value, path);
    }
    if (around.size() == MAX_DEPTH) {
      throw new SheaveException(
          Code.INVALID,
          "'" + shortened(path) + "' is nested more than " + MAX_DEPTH + " levels deep.");
    }
    if (!around.add(value)) {
      throw new SheaveException(
          Code.INVALID, "'" + path + "' contains itself, which JSON can't represent.");
    }
    try {
      return container(value, path, type);
    } finally {
      around.remove(value);
    }
  }

  private static String text(String text, String path) {
    if (Surrogates.isUnpairedIn(text)) {
      throw new SheaveException(
          Code.INVALID,
          "'" + path + "' has half of a character, an unpaired surrogate, which can't be stored.");
    }
    return text;
  }

  /**
   * Returns whether some value of a type can be converted {@linkplain #IN_THE_CLEAR in the clear}.
   */
  public static boolean canConvert(Class<?> type) {
    if (type == Secret.class || type == SecretMap.class || Block.class.isAssignableFrom(type)) {
      return false;
    }
    if (type.isInterface() || Modifier.isAbstract(type.getModifiers()) || type == Object.class) {
      return !NEVER_JSON.contains(type); // it depends on the value
    }
    return type.isPrimitive()
        || type.isArray()
        || Scalars.ofValues(type) != null
        || type == Optional.class
        || type == Boolean.class
        || type == Character.class
        || JSON_TYPES.stream().anyMatch(kind -> kind.isAssignableFrom(type));
  }

  private static boolean isContainer(Object value) {
    return value instanceof Map
        || value instanceof Collection
        || value instanceof Record
        || value.getClass().isArray();
  }

  private Object container(Object value, String path, @Nullable ValueType type) {
    if (value instanceof Map<?, ?> map) {
      return object(map, path, type);
    }
    if (value instanceof Record) {
      return record(value, path, type);
    }
    ValueType element = type instanceof CollectionType list ? list.element().type() : leafOf(type);
    List<@Nullable Object> json = new ArrayList<>();
    if (value instanceof Collection<?> collection) {
      for (Object each : collection) {
        json.add(convert(each, path + "[" + json.size() + "]", element));
      }
    } else {
      for (int i = 0; i < Array.getLength(value); i++) {
        json.add(convert(Array.get(value, i), path + "[" + i + "]", element));
      }
    }
    return json;
  }

  private Map<String, @Nullable Object> object(
      Map<?, ?> map, String path, @Nullable ValueType type) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    map.forEach(
        (key, each) -> {
          String name = key(key, path);
          json.put(name, convert(each, path + "." + name, valueOf(type, name)));
        });
    return json;
  }

  private static String key(@Nullable Object key, String path) {
    if (key instanceof CharSequence) {
      return text(key.toString(), path);
    }
    if (key instanceof Enum<?> constant) {
      return EnumType.nameOf(constant);
    }
    throw new SheaveException(
        Code.INVALID, "The keys of '" + path + "' must be strings, as those of JSON objects are.");
  }

  /** Returns the expected type of a key's value. */
  private static @Nullable ValueType valueOf(@Nullable ValueType type, String key) {
    if (type instanceof MapType map) {
      return map.element().type();
    }
    if (type == null || type.innerFields().get(key) == null) {
      return leafOf(type);
    }
    return type.innerFields().get(key).type();
  }

  /** All values in a map of secrets are secrets. */
  private static @Nullable ValueType leafOf(@Nullable ValueType type) {
    return type == SecretMapType.INSTANCE || type == SecretType.INSTANCE
        ? SecretType.INSTANCE
        : null;
  }

  private Map<String, @Nullable Object> record(
      Object value, String path, @Nullable ValueType type) {
    Map<String, @Nullable Object> json = new RecordJson(value.getClass());
    if (type instanceof SealedType sealed) {
      sealed.nameOf(value).ifPresent(name -> json.put(SealedType.DISCRIMINATOR, name));
    }
    json.putAll(fields(value, path + "."));
    return json;
  }

  private Map<String, @Nullable Object> fields(Object owner, String prefix) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    Problems problems = new Problems();
    ObjectModel.of(owner.getClass())
        .fields()
        .forEach(
            (name, field) ->
                json.put(
                    name,
                    problems.collect(
                        prefix + name,
                        () ->
                            field.resolved(
                                convert(field.valueOf(owner), prefix + name, field.type())))));
    problems.throwIfAny();
    return json;
  }

  /** Each leaf is a secret; a number that isn't replaced stays a number. */
  private @Nullable Object leaves(@Nullable Object value, String path) {
    if (value == null) {
      return null;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      Json.asObject(map).forEach((key, each) -> json.put(key, leaves(each, path + "." + key)));
      return json;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> json = new ArrayList<>();
      list.forEach(each -> json.add(leaves(each, path + "[" + json.size() + "]")));
      return json;
    }
    Object replaced = context.secret(Secret.of(text(value.toString(), path)), path);
    return value.toString().equals(replaced) ? value : replaced;
  }

  /** Such as an {@code AtomicInteger}. */
  private static Number plain(Number number) {
    String text = number.toString();
    return text.matches("-?[0-9]+") ? new BigInteger(text) : new BigDecimal(text);
  }

  private static Object number(Number number, String path, @Nullable ValueType type) {
    if (number instanceof BigDecimal exact && type == Scalars.of(BigDecimal.class)) {
      return Scalars.exactJson(exact);
    }
    if (!Double.isFinite(number.doubleValue())
        && (number instanceof Double || number instanceof Float)) {
      throw new SheaveException(
          Code.INVALID, "'" + path + "' can't be " + number + ": JSON has no such number.");
    }
    try {
      return isPlain(number) ? number : plain(number);
    } catch (NumberFormatException e) {
      throw noJson(number, path);
    }
  }

  private static boolean isPlain(Number number) {
    return number instanceof Integer
        || number instanceof Long
        || number instanceof Short
        || number instanceof Byte
        || number instanceof Double
        || number instanceof Float
        || number instanceof BigInteger
        || number instanceof BigDecimal;
  }

  private static String shortened(String path) {
    return path.length() > 60 ? path.substring(0, 60) + "…" : path;
  }

  private static SheaveException noJson(Object value, String path) {
    return new SheaveException(
        Code.INVALID,
        "'"
            + path
            + "' can't be represented in JSON"
            + ": it is of the type "
            + TypeNames.ofValue(value)
            + "; use strings, numbers, booleans, enums, java.time values, URIs, paths, lists, sets,"
            + " arrays, maps and records.");
  }

  static SheaveException inTheClear(String path) {
    return new SheaveException(
        Code.INVALID,
        "'" + path + "' can't be a secret: values there are kept and shown in the clear.");
  }
}
