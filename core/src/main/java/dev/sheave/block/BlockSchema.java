package dev.sheave.block;

import dev.sheave.SheaveException;
import dev.sheave.block.internal.ClassSchema;
import dev.sheave.block.internal.SchemaChecksum;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON schema of a block class, with the additions of the protocol: the type's slug, the paths
 * of secrets, and the fields that hold blocks. Computed once for each class. Immutable.
 */
public final class BlockSchema {
  private static final ClassValue<BlockSchema> SCHEMAS =
      new ClassValue<>() {
        @Override
        protected BlockSchema computeValue(Class<?> type) {
          return new BlockSchema(ClassSchema.of(type));
        }
      };

  private final ClassSchema schema;

  private BlockSchema(ClassSchema schema) {
    this.schema = schema;
  }

  /**
   * Returns the schema of a block class.
   *
   * @throws SheaveException {@code INVALID} if the class doesn't follow the rules for block types
   */
  public static BlockSchema of(Class<?> type) {
    return SCHEMAS.get(type);
  }

  /** Returns whether a class is a concrete block class. */
  public static boolean isConcrete(Class<?> type) {
    return ClassSchema.isConcrete(type);
  }

  /** Returns the capabilities of a class, given by the interfaces it implements, sorted. */
  public static Set<String> capabilitiesOf(Class<?> type) {
    return ClassSchema.capabilitiesOf(type);
  }

  /** The JSON schema. */
  public Map<String, @Nullable Object> fields() {
    return schema.fields();
  }

  /** The paths of secrets: {@code x}, {@code child.a}, {@code settings.*}. */
  public List<String> secretFields() {
    return schema.secretFields();
  }

  /** The capabilities of blocks of this schema, sorted. */
  public List<String> capabilities() {
    return schema.capabilities();
  }

  /** The {@linkplain #checksum(Map) checksum} of the fields. */
  public String checksum() {
    return schema.checksum();
  }

  /**
   * Computes the checksum of a schema as the reference does: over its JSON text with sorted keys,
   * without {@code secret_fields}, and of the definitions only those that are referred to and
   * aren't blocks.
   *
   * @param fields the JSON schema
   * @return {@code sha256:} and 64 hexadecimal digits
   */
  public static String checksum(Map<String, ? extends @Nullable Object> fields) {
    return SchemaChecksum.of(fields);
  }
}
