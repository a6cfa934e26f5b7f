package dev.sheave.server;

import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a body asks of block types, schemas and documents. A filter that isn't known is refused: the
 * answer would have more than was asked for.
 */
final class BlockFilters {
  private static final String TYPES = "block_types";
  private static final String SCHEMAS = "block_schemas";
  private static final String DOCUMENTS = "block_documents";

  private final Values types;
  private final Values schemas;
  private final Values documents;

  BlockFilters(Values body) {
    types = known(body, "", TYPES, "slug", "name");
    schemas =
        known(
            body, "", SCHEMAS, "operator", "id", "block_type_id", "block_capabilities", "version");
    documents =
        known(body, "", DOCUMENTS, "operator", "id", "is_anonymous", "block_type_id", "name");
  }

  /** Returns an object of which all names are known. */
  private static Values known(Values outer, String path, String name, String... names) {
    Values inner = outer.values(name);
    for (String each : inner.json().keySet()) {
      if (!Arrays.asList(names).contains(each)) {
        String place = path + name + "." + each;
        String sentence =
            "This server can't filter by '" + place + "'; leave it out, and filter the answer.";
        List<String> location = new ArrayList<>(List.of("body"));
        location.addAll(List.of(place.split("[.]")));
        throw new RequestException(
            Reply.invalid(
                sentence,
                List.of(
                    Values.detail(location, "extra fields not permitted", "value_error.extra"))));
      }
    }
    return inner;
  }

  private static @Nullable List<String> texts(
      Values filter, String kind, String field, String condition) {
    return known(filter, kind + ".", field, condition).textsOrNull(condition);
  }

  private static @Nullable List<UUID> ids(Values filter, String kind, String field) {
    return known(filter, kind + ".", field, "any_").idsOrNull("any_");
  }

  private static <T> boolean isAmong(@Nullable Collection<T> wanted, T value) {
    return wanted == null || wanted.contains(value);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static boolean isOr(Values filter) {
    return "or_".equals(filter.text("operator"));
  }

  /** All conditions, or one of them, as the filter says; true if there are none. */
  private static <T> Predicate<T> join(Values filter, List<Predicate<T>> conditions) {
    if (conditions.isEmpty()) {
      return record -> true;
    }
    return isOr(filter)
        ? record -> conditions.stream().anyMatch(each -> each.test(record))
        : record -> conditions.stream().allMatch(each -> each.test(record));
  }

  /** The types that documents must have, by their slugs; null for any. */
  @Nullable Set<String> slugs() {
    List<String> slugs = texts(types, TYPES, "slug", "any_");
    return slugs == null ? null : new LinkedHashSet<>(slugs);
  }

  /** Capabilities that all schemas that match have. */
  Set<String> capabilities() {
    List<String> all = isOr(schemas) ? null : texts(schemas, SCHEMAS, "block_capabilities", "all_");
    return all == null ? Set.of() : new LinkedHashSet<>(all);
  }

  /** The only documents that can match, by their ids; null for any. */
  @Nullable List<UUID> documentIds() {
    return isOr(documents) ? null : ids(documents, DOCUMENTS, "id");
  }

  /** Whether anonymous documents can match. */
  boolean includesAnonymous() {
    return isOr(documents) || !Boolean.FALSE.equals(isAnonymous());
  }

  /** By default anonymous documents are left out; null is for all. */
  private @Nullable Boolean isAnonymous() {
    return documents.json().containsKey("is_anonymous")
        ? known(documents, DOCUMENTS + ".", "is_anonymous", "eq_").flagOrNull("eq_")
        : Boolean.FALSE;
  }

  /** Whether {@link #slugs}, {@link #capabilities} and anonymity are all that is asked for. */
  boolean isSimple() {
    return Set.of("slug").containsAll(types.json().keySet())
        && !hasSchemaConditions()
        && Set.of("is_anonymous").containsAll(documents.json().keySet())
        && !Boolean.TRUE.equals(isAnonymous());
  }

  /** Whether something is asked of schemas but {@link #capabilities()}. */
  boolean hasSchemaConditions() {
    return schemas.json().keySet().stream()
        .anyMatch(name -> !name.equals("block_capabilities") || isOr(schemas));
  }

  Predicate<BlockTypeRecord> ofTypes() {
    Set<String> slugs = slugs();
    String name = known(types, TYPES + ".", "name", "like_").text("like_");
    return type ->
        isAmong(slugs, type.slug()) && (name == null || lower(type.name()).contains(lower(name)));
  }

  Predicate<BlockSchemaRecord> ofSchemas() {
    List<Predicate<BlockSchemaRecord>> conditions = new ArrayList<>();
    List<UUID> ids = ids(schemas, SCHEMAS, "id");
    if (ids != null) {
      conditions.add(schema -> ids.contains(schema.id()));
    }
    List<UUID> typeIds = ids(schemas, SCHEMAS, "block_type_id");
    if (typeIds != null) {
      conditions.add(schema -> typeIds.contains(schema.blockType().id()));
    }
    List<String> versions = texts(schemas, SCHEMAS, "version", "any_");
    if (versions != null) {
      conditions.add(schema -> versions.contains(schema.version()));
    }
    List<String> capabilities = texts(schemas, SCHEMAS, "block_capabilities", "all_");
    if (capabilities != null) {
      conditions.add(schema -> schema.capabilities().containsAll(capabilities));
    }
    return join(schemas, conditions);
  }

  Predicate<BlockDocumentRecord> ofDocuments() {
    List<Predicate<BlockDocumentRecord>> conditions = new ArrayList<>();
    List<UUID> ids = ids(documents, DOCUMENTS, "id");
    if (ids != null) {
      conditions.add(document -> ids.contains(document.id()));
    }
    List<UUID> typeIds = ids(documents, DOCUMENTS, "block_type_id");
    if (typeIds != null) {
      conditions.add(document -> typeIds.contains(document.blockSchema().blockType().id()));
    }
    List<String> names = texts(documents, DOCUMENTS, "name", "any_");
    if (names != null) {
      conditions.add(document -> names.contains(document.name()));
    }
    Boolean isAnonymous = isAnonymous();
    if (isAnonymous != null) {
      conditions.add(document -> document.isAnonymous() == isAnonymous);
    }
    Predicate<BlockTypeRecord> ofTypes = ofTypes();
    Predicate<BlockSchemaRecord> ofSchemas = ofSchemas();
    return join(documents, conditions)
        .and(document -> ofTypes.test(document.blockSchema().blockType()))
        .and(document -> ofSchemas.test(document.blockSchema()));
  }
}
