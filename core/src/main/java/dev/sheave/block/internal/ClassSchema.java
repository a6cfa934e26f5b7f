package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.BlockType;
import dev.sheave.block.Capability;
import dev.sheave.internal.Json;
import dev.sheave.internal.TypeNames;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The JSON schema of a block class, made of the model of its fields; {@link
 * dev.sheave.block.BlockSchema} shows it. Computed once for each class. Immutable.
 */
public final class ClassSchema {
  private static final ClassValue<ClassSchema> SCHEMAS =
      new ClassValue<>() {
        @Override
        protected ClassSchema computeValue(Class<?> type) {
          return compute(type.asSubclass(Block.class));
        }
      };

  private final Map<String, @Nullable Object> fields;
  private final List<String> secretFields;
  private final List<String> capabilities;
  private final String checksum;

  /** The types whose schemas this thread is computing, each nested in the one before. */
  private static final ThreadLocal<Set<Class<?>>> OPEN =
      ThreadLocal.withInitial(LinkedHashSet::new);

  private static ClassSchema compute(Class<? extends Block> type) {
    if (!OPEN.get().add(type)) {
      throw new SheaveException(
          Code.INVALID,
          "The block class "
              + TypeNames.of(type)
              + " can't hold blocks of its own type at any depth: its schema would be infinite.");
    }
    try {
      return new ClassSchema(type);
    } finally {
      OPEN.get().remove(type);
    }
  }

  private ClassSchema(Class<? extends Block> type) {
    BlockType described = typeOf(type);
    ObjectModel model = ObjectModel.of(type);
    Definitions definitions = Definitions.ofBlocks();
    SecretPaths secretPaths = model.secretPaths();
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("title", type.getSimpleName());
    schema.put("description", described.description());
    schema.put("type", "object");
    schema.putAll(model.properties(definitions));
    schema.put("block_type_slug", described.slug());
    schema.put("secret_fields", secretPaths.secrets());
    schema.put("block_schema_references", references(secretPaths));
    if (!definitions.byName().isEmpty()) {
      schema.put("definitions", definitions.byName());
    }
    this.fields = Json.copyObject(schema);
    this.secretFields = secretPaths.secrets();
    this.capabilities = List.copyOf(capabilitiesOf(type));
    this.checksum = SchemaChecksum.of(fields);
  }

  private static Map<String, @Nullable Object> references(SecretPaths secretPaths) {
    Map<String, @Nullable Object> references = new LinkedHashMap<>();
    secretPaths
        .blocks()
        .forEach(
            (field, classes) -> {
              List<Object> each = new ArrayList<>();
              for (Class<?> nested : classes) {
                if (isConcrete(nested)) {
                  each.add(
                      Json.object(
                          "block_type_slug", typeOf(nested.asSubclass(Block.class)).slug(),
                          "block_schema_checksum", of(nested).checksum()));
                }
              }
              if (!each.isEmpty()) {
                references.put(field, each.size() == 1 ? each.get(0) : each);
              }
            });
    return references;
  }

  /**
   * Returns the schema of a block class.
   *
   * @throws SheaveException {@code INVALID} if the class doesn't follow the rules for block types
   */
  public static ClassSchema of(Class<?> type) {
    if (!isConcrete(type)) {
      throw new SheaveException(
          Code.INVALID,
          TypeNames.of(type)
              + " isn't a block type: it must extend Block and must not be abstract.");
    }
    return SCHEMAS.get(type);
  }

  /** Returns whether a class is a concrete block class. */
  public static boolean isConcrete(Class<?> type) {
    return Block.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers());
  }

  /** Returns the capabilities of a class, given by the interfaces it implements, sorted. */
  public static Set<String> capabilitiesOf(Class<?> type) {
    Set<String> found = new TreeSet<>();
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      collectCapabilities(each, found);
    }
    return found;
  }

  private static void collectCapabilities(Class<?> type, Set<String> found) {
    Capability capability = type.getAnnotation(Capability.class);
    if (capability != null) {
      found.add(capability.value());
    }
    for (Class<?> each : type.getInterfaces()) {
      collectCapabilities(each, found);
    }
  }

  /** The JSON schema. */
  public Map<String, @Nullable Object> fields() {
    return fields;
  }

  /** The paths of secrets: {@code x}, {@code child.a}, {@code settings.*}. */
  public List<String> secretFields() {
    return secretFields;
  }

  /** The capabilities of blocks of this schema, sorted. */
  public List<String> capabilities() {
    return capabilities;
  }

  /** The checksum of the fields. */
  public String checksum() {
    return checksum;
  }

  /**
   * Returns the annotation of a block class.
   *
   * @throws SheaveException {@code INVALID} if it has none
   */
  public static BlockType typeOf(Class<? extends Block> type) {
    BlockType described = type.getAnnotation(BlockType.class);
    if (described == null) {
      throw new SheaveException(
          Code.INVALID, "The block class " + TypeNames.of(type) + " has no @BlockType.");
    }
    return described;
  }
}
