package dev.sheave.server;

import dev.sheave.SheaveException;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockApi.NewBlockDocument;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Block documents. */
final class BlockDocumentRoutes {
  private final OrchestrationApi api;

  private BlockDocumentRoutes(OrchestrationApi api) {
    this.api = api;
  }

  static void add(Routes routes, OrchestrationApi api) {
    BlockDocumentRoutes documents = new BlockDocumentRoutes(api);
    routes
        .add("POST", "/block_documents/", Scope.RUN, Reply.CREATED, documents::create)
        .add("POST", "/block_documents/filter", Scope.READ, Reply.OK, documents::list)
        .add(
            "GET",
            "/block_documents/{id}",
            Scope.READ,
            Reply.OK,
            call ->
                Reply.ok(documents.shape(api.blocks().readBlockDocument(call.id(), secrets(call)))))
        .add("PATCH", "/block_documents/{id}", Scope.RUN, Reply.NO_CONTENT, documents::update)
        .add("DELETE", "/block_documents/{id}", Scope.ADMIN, Reply.NO_CONTENT, documents::delete)
        .add(
            "GET",
            "/block_documents/{id}/users",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(api.blocks().usersOfBlockDocument(call.id())))
        .add(
            "GET",
            "/block_types/slug/{slug}/block_documents",
            Scope.READ,
            Reply.OK,
            documents::listOfType)
        .add(
            "GET",
            "/block_types/slug/{slug}/block_documents/name/{name}",
            Scope.READ,
            Reply.OK,
            documents::find);
  }

  private static boolean secrets(Call call) {
    return call.withSecrets(call.queryFlag("include_secrets"));
  }

  private Reply create(Call call) {
    Values body = call.fields();
    return Reply.created(
        shape(
            api.blocks()
                .createBlockDocument(
                    new NewBlockDocument(
                        body.text("name"),
                        body.requiredId("block_schema_id"),
                        body.object("data"),
                        body.flag("is_anonymous", false)))));
  }

  private Reply update(Call call) {
    Values body = call.fields();
    UUID id = call.id();
    UUID schema = body.id("block_schema_id");
    boolean isPart = schema == null;
    api.blocks()
        .updateBlockDocument(
            id,
            isPart
                ? api.blocks().readBlockDocument(id, false).blockSchema().id()
                : java.util.Objects.requireNonNull(schema),
            body.object("data"),
            body.flag("merge_existing_data", true),
            body.time("expected_updated"));
    return Reply.NOTHING;
  }

  private Reply delete(Call call) {
    api.blocks().deleteBlockDocument(call.id(), call.queryFlag("detach"));
    return Reply.NOTHING;
  }

  private Reply find(Call call) {
    return Reply.ok(
        shape(
            api.blocks()
                .findBlockDocument(call.text("slug"), call.text("name"), secrets(call))
                .orElseThrow(() -> new RequestException(404, "Block document not found"))));
  }

  private Reply listOfType(Call call) {
    String slug = call.text("slug");
    if (api.blocks().findBlockType(slug).isEmpty()) {
      throw new RequestException(404, "Block type not found");
    }
    return reply(
        api.blocks()
            .listBlockDocuments(
                new BlockDocumentFilter(Set.of(slug), Set.of(), false), Page.FIRST, secrets(call)));
  }

  private Map<String, @Nullable Object> shape(BlockDocumentRecord document) {
    return Shapes.document(document, api.blocks());
  }

  private Reply reply(List<BlockDocumentRecord> documents) {
    return Reply.ok(documents.stream().map(this::shape).toList());
  }

  private Reply list(Call call) {
    Values body = call.fields();
    Values documents = body.values("block_documents");
    Values types = body.values("block_types");
    Values schemas = body.values("block_schemas");
    checkFilters("block_documents", documents, "is_anonymous", "block_type_id", "id");
    checkFilters("block_types", types, "slug", "name");
    checkFilters("block_schemas", schemas, "block_capabilities", "block_type_id");
    boolean secrets = call.withSecrets(body.flag("include_secrets", false));
    Set<String> slugs = slugs(types, documents, schemas);
    if (slugs != null && slugs.isEmpty()) {
      return Reply.ok(List.of());
    }
    BlockDocumentFilter filter =
        new BlockDocumentFilter(
            slugs == null ? Set.of() : slugs,
            new LinkedHashSet<>(schemas.values("block_capabilities").texts("all_")),
            includesAnonymous(documents));
    List<UUID> ids = documents.values("id").idsOrNull("any_");
    if (ids == null) {
      return reply(call.page(page -> api.blocks().listBlockDocuments(filter, page, secrets)));
    }
    List<BlockDocumentRecord> found =
        ids.stream().distinct().flatMap(id -> matching(id, filter, secrets)).toList();
    return reply(
        call.page(page -> found.stream().skip(page.offset()).limit(page.limit()).toList()));
  }

  private Stream<BlockDocumentRecord> matching(
      UUID id, BlockDocumentFilter filter, boolean secrets) {
    try {
      return Stream.of(api.blocks().readBlockDocument(id, secrets))
          .filter(
              document ->
                  (filter.slugs().isEmpty()
                          || filter.slugs().contains(document.blockSchema().blockType().slug()))
                      && document.blockSchema().capabilities().containsAll(filter.capabilities())
                      && (filter.includeAnonymous() || !document.isAnonymous()));
    } catch (SheaveException e) {
      if (e.code() != SheaveException.Code.NOT_FOUND) {
        throw e;
      }
      return Stream.of();
    }
  }

  private static void checkFilters(String kind, Values filters, String... known) {
    for (String other : filters.json().keySet()) {
      if (filters.json().get(other) != null
          && !other.equals("operator")
          && !List.of(known).contains(other)) {
        throw unsupported(kind + "." + other);
      }
    }
  }

  /** Whether anonymous documents are asked for too: by default they are left out. */
  private static boolean includesAnonymous(Values documents) {
    if (documents.values("is_anonymous").flag("eq_", false)) {
      throw unsupported("block_documents.is_anonymous.eq_ = true");
    }
    return documents.json().containsKey("is_anonymous")
        && documents.values("is_anonymous").json().get("eq_") == null;
  }

  /** The types that documents may have; null for all. */
  private @Nullable Set<String> slugs(Values types, Values documents, Values schemas) {
    List<String> slugs = types.values("slug").textsOrNull("any_");
    String name = types.values("name").text("like_");
    List<UUID> ids = documents.values("block_type_id").idsOrNull("any_");
    List<UUID> idsOfSchemas = schemas.values("block_type_id").idsOrNull("any_");
    if (slugs == null && name == null && ids == null && idsOfSchemas == null) {
      return null;
    }
    return BlockRoutes.types(
            api.blocks(),
            slugs,
            name,
            Set.of(),
            type ->
                (ids == null || ids.contains(type.id()))
                    && (idsOfSchemas == null || idsOfSchemas.contains(type.id())))
        .stream()
        .map(BlockTypeRecord::slug)
        .collect(Collectors.toSet());
  }

  private static RequestException unsupported(String filter) {
    return new RequestException(
        422,
        "This server can't filter block documents by '"
            + filter
            + "'; leave it out, and filter the answer.");
  }
}
