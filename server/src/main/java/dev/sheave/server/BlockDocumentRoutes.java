package dev.sheave.server;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockApi.NewBlockDocument;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.internal.AllPages;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
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
    UUID schema = body.requiredId("block_schema_id");
    UUID type = body.id("block_type_id");
    if (type != null) {
      checkType(schema, type);
    }
    return Reply.created(
        shape(
            api.blocks()
                .createBlockDocument(
                    new NewBlockDocument(
                        body.text("name"),
                        schema,
                        body.object("data"),
                        body.flag("is_anonymous", false)))));
  }

  private void checkType(UUID schema, UUID type) {
    BlockTypeRecord actual = api.blocks().readBlockSchema(schema).blockType();
    if (!actual.id().equals(type)) {
      throw new SheaveException(
          Code.INVALID,
          "The block schema with the id "
              + schema
              + " is of the block type '"
              + actual.slug()
              + "', not of the one with the id "
              + type
              + ".");
    }
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
                : Objects.requireNonNull(schema),
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
    BlockFilters filters = new BlockFilters(body);
    boolean secrets = call.withSecrets(body.flag("include_secrets", false));
    Set<String> slugs = filters.slugs();
    if (slugs != null && slugs.isEmpty()) {
      return Reply.ok(List.of());
    }
    BlockDocumentFilter narrowed =
        new BlockDocumentFilter(
            slugs == null ? Set.of() : slugs, filters.capabilities(), filters.includesAnonymous());
    if (filters.isSimple()) {
      return reply(call.page(page -> api.blocks().listBlockDocuments(narrowed, page, secrets)));
    }
    Predicate<BlockDocumentRecord> matching = filters.ofDocuments();
    List<UUID> ids = filters.documentIds();
    if (ids != null) {
      List<BlockDocumentRecord> found =
          ids.stream().distinct().flatMap(id -> existing(id, secrets).stream()).toList();
      return reply(
          call.page(
              page ->
                  AllPages.after(found, BlockDocumentRecord::id, page.after()).stream()
                      .filter(matching)
                      .skip(page.offset())
                      .limit(page.limit())
                      .toList()));
    }
    return reply(call.page(page -> matching(narrowed, secrets, matching, page)));
  }

  /** A page of the documents that match, of those that the records' API lists. */
  private List<BlockDocumentRecord> matching(
      BlockDocumentFilter narrowed,
      boolean secrets,
      Predicate<BlockDocumentRecord> matching,
      Page wanted) {
    List<BlockDocumentRecord> found = new ArrayList<>();
    int skipped = 0;
    Page page = new Page(Page.MAX_LIMIT, 0, wanted.after());
    List<BlockDocumentRecord> some;
    do {
      some = api.blocks().listBlockDocuments(narrowed, page, secrets);
      for (BlockDocumentRecord document : some) {
        if (matching.test(document) && skipped++ >= wanted.offset()) {
          found.add(document);
        }
      }
      page = page.next();
    } while (some.size() == page.limit() && found.size() < wanted.limit());
    return found.subList(0, Math.min(found.size(), wanted.limit()));
  }

  private Optional<BlockDocumentRecord> existing(UUID id, boolean secrets) {
    try {
      return Optional.of(api.blocks().readBlockDocument(id, secrets));
    } catch (SheaveException e) {
      if (e.code() != Code.NOT_FOUND) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
