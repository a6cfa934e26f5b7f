package dev.sheave.server;

import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockApi.NewBlockDocument;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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
                Reply.ok(
                    documents.shape(
                        api.blocks()
                            .readBlockDocument(call.id(), call.queryFlag("include_secrets")))))
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
                .findBlockDocument(
                    call.text("slug"), call.text("name"), call.queryFlag("include_secrets"))
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
                new BlockDocumentFilter(Set.of(slug), Set.of(), false),
                Page.FIRST,
                call.queryFlag("include_secrets")));
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
    boolean secrets = body.flag("include_secrets", false);
    for (String other : documents.json().keySet()) {
      if (!Set.of("is_anonymous", "block_type_id", "id", "operator").contains(other)
          && documents.json().get(other) != null) {
        throw unsupported("block_documents." + other);
      }
    }
    List<UUID> ids = documents.values("id").idsOrNull("any_");
    if (ids != null) {
      return reply(
          call.page(
              page ->
                  ids.stream()
                      .skip(page.offset())
                      .limit(page.limit())
                      .map(id -> api.blocks().readBlockDocument(id, secrets))
                      .toList()));
    }
    Boolean anonymous = anonymous(documents);
    Values schemas = body.values("block_schemas");
    BlockDocumentFilter filter =
        new BlockDocumentFilter(
            slugs(body.values("block_types"), documents),
            new LinkedHashSet<>(schemas.values("block_capabilities").texts("all_")),
            anonymous == null);
    return reply(call.page(page -> api.blocks().listBlockDocuments(filter, page, secrets)));
  }

  /** What is asked of anonymous documents: by default they are left out. */
  private static @Nullable Boolean anonymous(Values documents) {
    boolean isAsked = documents.json().get("is_anonymous") != null;
    boolean isGiven = documents.values("is_anonymous").json().get("eq_") != null;
    if (isGiven && documents.values("is_anonymous").flag("eq_", false)) {
      throw unsupported("block_documents.is_anonymous.eq_ = true");
    }
    return isAsked && !isGiven ? null : (Boolean) false;
  }

  private Set<String> slugs(Values types, Values documents) {
    Set<String> slugs = new LinkedHashSet<>(types.values("slug").texts("any_"));
    List<UUID> ids = documents.values("block_type_id").idsOrNull("any_");
    if (ids != null) {
      ids.forEach(id -> slugs.add(api.blocks().readBlockType(id).slug()));
    }
    return slugs;
  }

  private static RequestException unsupported(String filter) {
    return new RequestException(
        422,
        "This server can't filter block documents by '"
            + filter
            + "'; leave it out, and filter the answer.");
  }
}
