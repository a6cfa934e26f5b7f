package dev.sheave.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockDocumentRecord.Reference;
import dev.sheave.block.internal.FieldAddress;
import dev.sheave.block.internal.JavaToJson;
import dev.sheave.block.internal.ObjectModel;
import dev.sheave.block.internal.SchemaAddress;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.DocumentReference;
import dev.sheave.internal.Json;
import dev.sheave.internal.JsonSchema;
import dev.sheave.internal.Suggestions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The stored values of a block, which can be changed without creating the block: for a document
 * that can't be loaded, or a type whose module isn't available.
 *
 * <p>It holds masks in place of the stored secrets; saving a mask keeps the stored secret.
 * Immutable.
 *
 * <pre>{@code
 * blocks.draft("s3/log-test").with("region_name", "eu-central-1").save();
 * }</pre>
 *
 * @see Blocks#draft
 */
public final class BlockDraft {
  private final Blocks blocks;
  private final BlockDocumentRecord document;
  private final Map<String, @Nullable Object> changes;

  BlockDraft(Blocks blocks, BlockDocumentRecord document, Map<String, @Nullable Object> changes) {
    this.blocks = blocks;
    this.document = document;
    this.changes = changes;
  }

  /** {@code type/name}. */
  public String reference() {
    return document.reference();
  }

  /** Returns the stored JSON values by field; nested blocks in full, secrets masked. */
  public Map<String, @Nullable Object> values() {
    return document.data();
  }

  /** The fields that {@link #save()} will change. */
  public List<String> changedFields() {
    return List.copyOf(changes.keySet());
  }

  /**
   * Returns a copy of this draft with one value changed.
   *
   * @param field {@code field}, {@code field.inner}, {@code list[0]} or {@code map.key}, in the
   *     type's class if it is available, else in the schema that the document was stored under
   * @param value a Java or JSON value, or a string to be converted to the field's type; {@code
   *     type/name} for a saved block; null to clear it
   * @throws SheaveException {@code INVALID} for an unknown field, with the nearest name, or a value
   *     of the wrong type
   */
  public BlockDraft with(String field, @Nullable Object value) {
    String name = FieldAddress.firstName(Arguments.notNull(field, "field"));
    Map<String, @Nullable Object> data = current();
    JsonSchema schema = JsonSchema.of(document.blockSchema().fields());
    ObjectModel model = blocks.modelOf(document).orElse(null);
    if (model != null && model.fields().containsKey(name)) {
      FieldAddress.of(model, field).set(data, value, BlockCodec.STORING);
      if (model.secretPaths().blocks().containsKey(name)) {
        data.computeIfPresent(name, (key, json) -> withIds(json));
      }
    } else if (schema.propertyNames().contains(name)) {
      SchemaAddress.set(
          schema, data, field, JavaToJson.convert(value, field, null, BlockCodec.STORING));
      if (schema.get("block_schema_references") instanceof Map<?, ?> nested
          && nested.containsKey(name)) {
        data.computeIfPresent(name, (key, json) -> withIds(json));
      }
    } else {
      TreeSet<String> known = new TreeSet<>(schema.propertyNames());
      if (model != null) {
        known.addAll(model.fields().keySet());
      }
      throw new SheaveException(
          Code.INVALID,
          "The block type '"
              + document.blockSchema().blockType().slug()
              + "' has no field '"
              + field
              + "'."
              + Suggestions.hint(name, known));
    }
    Map<String, @Nullable Object> more = new LinkedHashMap<>(changes);
    more.put(name, data.get(name));
    return new BlockDraft(blocks, document, more);
  }

  /** The values with the changes, and with references in place of saved blocks. */
  private Map<String, @Nullable Object> current() {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    document.data().forEach((name, value) -> data.put(name, withReferences(name, value)));
    data.putAll(Json.mutableCopy(changes));
    return data;
  }

  private @Nullable Object withReferences(String path, @Nullable Object value) {
    Reference reference = document.references().get(path);
    if (reference != null) {
      return DocumentReference.to(reference.id());
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      Json.asObject(map)
          .forEach((key, each) -> copy.put(key, withReferences(path + "." + key, each)));
      return copy;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        copy.add(withReferences(path + "[" + i + "]", list.get(i)));
      }
      return copy;
    }
    return value;
  }

  /** Returns the value of a field that holds blocks, with names replaced by ids. */
  private @Nullable Object withIds(Object json) {
    if (json instanceof String name && name.indexOf('/') > 0) {
      return DocumentReference.to(blocks.document(name).id());
    }
    if (json instanceof Map<?, ?> map && map.get("$ref") instanceof String name) {
      return withIds(name);
    }
    if (json instanceof List<?> list) {
      List<@Nullable Object> all = new ArrayList<>();
      list.forEach(each -> all.add(each == null ? null : withIds(each)));
      return all;
    }
    return json;
  }

  /**
   * Saves the changes; other fields keep their values. The values may be incomplete: a document
   * with missing fields can be fixed one field at a time.
   *
   * @return a draft of the stored values
   * @throws SheaveException {@code CONFLICT} if the document was changed after this draft was made
   */
  public BlockDraft save() {
    if (!changes.isEmpty()) {
      blocks.update(document, changes, current());
    }
    return blocks.draft(reference());
  }

  /** Names the block and the fields that are changed. */
  @Override
  public String toString() {
    return "BlockDraft["
        + reference()
        + (changes.isEmpty() ? "" : ", changed: " + String.join(", ", changes.keySet()))
        + "]";
  }
}
