package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.SheaveException.Problem;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockField.LocalPath;
import dev.sheave.block.BlockType;
import dev.sheave.block.internal.FieldModel.Presence;
import dev.sheave.internal.LocalPaths;
import dev.sheave.internal.TypeNames;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a block class or a record, derived from its constructor. Created once for each
 * class.
 */
public final class ObjectModel {
  private static final ClassValue<ObjectModel> MODELS =
      new ClassValue<>() {
        @Override
        protected ObjectModel computeValue(Class<?> type) {
          return new ObjectModel(type);
        }
      };

  /** Blocks with this capability also have their type among their values, as in the protocol. */
  private static final String RUN_INFRASTRUCTURE = "run-infrastructure";

  private final Class<?> type;
  private final Constructor<?> constructor;
  private final Map<String, FieldModel> fields = new LinkedHashMap<>();

  private ObjectModel(Class<?> type) {
    this.type = type;
    this.constructor = constructorOf(type);
    BlockType block = type.getAnnotation(BlockType.class);
    if (block != null && ClassSchema.capabilitiesOf(type).contains(RUN_INFRASTRUCTURE)) {
      fields.put(
          "type",
          new FieldModel(
              "type",
              "Type",
              "The type of infrastructure.",
              "",
              new ConstantType(block.slug()),
              Presence.CONSTANT,
              null,
              LocalPath.NO,
              null));
    }
    NullableMarks marks = NullableMarks.of(constructor);
    marks
        .ofEntries()
        .ifPresent(
            annotation -> {
              throw defect(
                  "it has elements of lists or maps annotated with @"
                      + annotation
                      + ", which isn't available at run time; add its jar to the class path, or use"
                      + " org.jspecify.annotations.Nullable");
            });
    Parameter[] parameters = constructor.getParameters();
    for (int i = 0; i < parameters.length; i++) {
      boolean isMarked = marks.isNullable(i);
      FieldModel field =
          type.isRecord()
              ? fieldOf(parameters[i], type.getRecordComponents()[i], isMarked)
              : fieldOf(parameters[i], isMarked);
      if (fields.putIfAbsent(field.name(), field) != null) {
        throw defect("it has two fields named '" + field.name() + "'");
      }
    }
  }

  /**
   * Returns the model of a class.
   *
   * @throws SheaveException {@code INVALID} if the class doesn't follow the rules for blocks and
   *     records
   */
  public static ObjectModel of(Class<?> type) {
    return MODELS.get(type);
  }

  /** The class. */
  public Class<?> type() {
    return type;
  }

  /** Returns the name of the block type or the record, to start a message with. */
  String describe() {
    BlockType block = type.getAnnotation(BlockType.class);
    return block == null ? type.getSimpleName() : "The block type '" + block.slug() + "'";
  }

  /** The fields by their JSON names, in the order of the constructor. */
  public Map<String, FieldModel> fields() {
    return fields;
  }

  private Constructor<?> constructorOf(Class<?> owner) {
    List<Constructor<?>> candidates = new ArrayList<>();
    for (Constructor<?> each : owner.getDeclaredConstructors()) {
      boolean described =
          Arrays.stream(each.getParameters())
              .allMatch(parameter -> parameter.isAnnotationPresent(BlockField.class));
      if (owner.isRecord() ? isCanonical(each, owner) : described) {
        candidates.add(each);
      }
    }
    if (candidates.size() != 1) {
      throw defect(
          "it must have exactly one constructor with @BlockField on each of its parameters");
    }
    Constructor<?> found = candidates.get(0);
    open(found);
    return found;
  }

  private static boolean isCanonical(Constructor<?> constructor, Class<?> owner) {
    Class<?>[] components =
        Arrays.stream(owner.getRecordComponents())
            .map(component -> (Class<?>) component.getType())
            .toArray(Class<?>[]::new);
    return Arrays.equals(constructor.getParameterTypes(), components);
  }

  /** Component names are always available; their annotations may also be on the accessors. */
  private FieldModel fieldOf(Parameter parameter, RecordComponent component, boolean isMarked) {
    BlockField described = parameter.getAnnotation(BlockField.class);
    return fieldOf(
        parameter,
        described == null ? component.getAccessor().getAnnotation(BlockField.class) : described,
        component.getName(),
        component.getAnnotatedType(),
        isMarked);
  }

  private FieldModel fieldOf(Parameter parameter, boolean isMarked) {
    BlockField described = parameter.getAnnotation(BlockField.class);
    if (parameter.isNamePresent()) {
      return fieldOf(
          parameter, described, parameter.getName(), parameter.getAnnotatedType(), isMarked);
    }
    if (described == null || described.name().isEmpty()) {
      throw defect("compile it with -parameters, or name each @BlockField");
    }
    return fieldOf(
        parameter,
        described,
        FieldModel.camelCase(described.name()),
        parameter.getAnnotatedType(),
        isMarked);
  }

  private FieldModel fieldOf(
      Parameter parameter,
      @Nullable BlockField described,
      String javaName,
      AnnotatedType annotated,
      boolean isMarked) {
    String name = described == null ? "" : described.name();
    if (name.isEmpty()) {
      name = FieldModel.snakeCase(javaName);
    }
    boolean nullable =
        isMarked || ValueTypes.isNullable(annotated) || ValueTypes.isNullable(parameter);
    boolean optional = parameter.getType() == Optional.class;
    ValueType valueType = ValueTypes.ofDeclared(annotated, optional, describe(name));
    String title = described == null ? "" : described.title();
    return new FieldModel(
        name,
        title.isEmpty() ? FieldModel.titleOf(name) : title,
        described == null ? "" : described.description(),
        described == null ? "" : described.placeholder(),
        valueType,
        optional ? Presence.OPTIONAL : nullable ? Presence.NULLABLE : Presence.REQUIRED,
        FieldModel.parseDefault(described == null ? "" : described.defaultValue(), valueType, name),
        described == null ? LocalPath.NO : described.localPath(),
        memberOf(javaName));
  }

  private Member memberOf(String javaName) {
    try {
      Member member = type.isRecord() ? type.getDeclaredMethod(javaName) : fieldOf(javaName);
      open((AccessibleObject) member);
      return member;
    } catch (NoSuchFieldException | NoSuchMethodException e) {
      throw defect("it has a constructor parameter '" + javaName + "' but no field of that name");
    }
  }

  /** A base class may hold the values that many types have. */
  private Field fieldOf(String javaName) throws NoSuchFieldException {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      for (Field field : each.getDeclaredFields()) {
        if (field.getName().equals(javaName)) {
          return field;
        }
      }
    }
    throw new NoSuchFieldException(javaName);
  }

  private void open(AccessibleObject member) {
    try {
      member.setAccessible(true);
    } catch (InaccessibleObjectException e) {
      throw defect("its module must open the package " + type.getPackageName() + " to Sheave");
    }
  }

  private String describe(String field) {
    return "the field '" + field + "' of " + TypeNames.of(type);
  }

  private SheaveException defect(String what) {
    return new SheaveException(
        Code.INVALID,
        "The class " + TypeNames.of(type) + " can't be used in a block: " + what + ".");
  }

  /**
   * Converts a JSON object to an object.
   *
   * @throws SheaveException {@code INVALID}, naming all invalid fields
   */
  public Object read(Map<String, @Nullable Object> json, String path, ReadContext context) {
    String prefix = path.isEmpty() ? "" : path + ".";
    Set<String> unknown = new LinkedHashSet<>(json.keySet());
    Problems problems = new Problems();
    List<@Nullable Object> arguments = new ArrayList<>();
    for (FieldModel field : fields.values()) {
      unknown.remove(field.name());
      Object given = json.get(field.name());
      if (field.presence() == Presence.CONSTANT) {
        if (given != null) {
          problems.collect(
              prefix + field.name(),
              () -> field.type().read(given, prefix + field.name(), context));
        }
      } else {
        arguments.add(
            problems.collect(
                prefix + field.name(), () -> field.read(json, prefix + field.name(), context)));
      }
    }
    for (String name : unknown) {
      problems.collect(
          prefix + name,
          () -> {
            context.unknownField(prefix + name, json.get(name), fields.keySet());
            return null;
          });
    }
    problems.throwIfAny();
    return create(arguments, path);
  }

  /** Creates a copy of an object. */
  public Object copy(Object value) {
    List<@Nullable Object> arguments = new ArrayList<>();
    for (FieldModel field : fields.values()) {
      if (field.presence() != Presence.CONSTANT) {
        arguments.add(field.valueOf(value));
      }
    }
    return create(arguments, "");
  }

  private Object create(List<@Nullable Object> arguments, String path) {
    try {
      return constructor.newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SheaveException refused) {
        throw path.isEmpty() ? refused : below(path, refused);
      }
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw new SheaveException(
            Code.INVALID,
            (path.isEmpty() ? "" : "'" + path + "': ") + refused.getMessage(),
            refused);
      }
      throw new SheaveException(
          Code.INVALID,
          (path.isEmpty() ? "" : "'" + path + "': ")
              + "The constructor of "
              + type.getSimpleName()
              + " failed with "
              + describe(e)
              + ".",
          e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new SheaveException(
          Code.INTERNAL, "The constructor of " + TypeNames.of(type) + " can't be called: " + e, e);
    }
  }

  /** An error of a constructor, which doesn't know where its object is. */
  private static SheaveException below(String path, SheaveException refused) {
    List<Problem> problems =
        refused.problems().stream()
            .map(
                each ->
                    new Problem(
                        each.path().isEmpty() ? path : path + "." + each.path(), each.message()))
            .toList();
    return new SheaveException(refused.code(), refused.getMessage(), problems, refused);
  }

  /** Describes what code of a block type threw. */
  static String describe(InvocationTargetException e) {
    Throwable error = Objects.requireNonNullElse(e.getCause(), e);
    String text = error.getMessage();
    return error.getClass().getSimpleName() + (text == null ? "" : ": " + text);
  }

  /** Returns the parts of a JSON object that this model doesn't know, in the same structure. */
  public Map<String, @Nullable Object> unknownParts(Map<String, @Nullable Object> json) {
    Map<String, @Nullable Object> unknown = new LinkedHashMap<>();
    json.forEach(
        (name, value) -> {
          FieldModel field = fields.get(name);
          if (field == null) {
            unknown.put(name, value);
          } else if (value != null) {
            Object inner = field.type().unknownParts(value);
            if (inner != null) {
              unknown.put(name, inner);
            }
          }
        });
    return unknown;
  }

  /** Merges unknown parts back into a JSON object, where their places still exist. */
  public void putBack(Map<String, @Nullable Object> json, Map<String, @Nullable Object> unknown) {
    unknown.forEach(
        (name, part) -> {
          FieldModel field = fields.get(name);
          Object value = json.get(name);
          if (field == null) {
            json.put(name, part);
          } else if (value != null && part != null) {
            field.type().putBack(value, part);
          }
        });
  }

  /**
   * Sets the fields whose null means this program's directory.
   *
   * @param json the fields of a new object
   */
  public void resolveCurrentDirectory(Map<String, @Nullable Object> json) {
    fields.forEach(
        (name, field) -> {
          if (field.localPath() == LocalPath.OR_CURRENT_DIRECTORY && json.get(name) == null) {
            json.put(name, LocalPaths.of("").toString());
          }
        });
  }

  /** Returns the Java values of an object's fields, in order. */
  public List<@Nullable Object> values(Object value) {
    List<@Nullable Object> values = new ArrayList<>();
    fields.values().forEach(field -> values.add(field.valueOf(value)));
    return values;
  }

  /** Describes the objects by JSON schema. */
  Map<String, @Nullable Object> schema(Definitions definitions) {
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("title", type.getSimpleName());
    schema.put("type", "object");
    schema.putAll(properties(definitions));
    if (definitions.isExact()) {
      schema.put("additionalProperties", false);
    }
    return schema;
  }

  /** Returns the schema's {@code properties}, and {@code required} if there are any. */
  public Map<String, @Nullable Object> properties(Definitions definitions) {
    Map<String, @Nullable Object> properties = new LinkedHashMap<>();
    List<Object> required = new ArrayList<>();
    fields.forEach(
        (name, field) -> {
          properties.put(name, field.schema(definitions));
          if (field.isRequired()) {
            required.add(name);
          }
        });
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    return schema;
  }

  /** Returns where the objects hold secrets and blocks. */
  public SecretPaths secretPaths() {
    SecretPaths secretPaths = new SecretPaths();
    secretPaths.fieldsOf(this, "");
    return secretPaths;
  }
}
