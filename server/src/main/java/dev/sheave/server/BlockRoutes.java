package dev.sheave.server;

import dev.sheave.api.BlockApi;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.Created;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.internal.AllPages;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Block types, schemas and capabilities. */
final class BlockRoutes {
  private final OrchestrationApi api;

  private BlockRoutes(OrchestrationApi api) {
    this.api = api;
  }

  static void add(Routes routes, OrchestrationApi api) {
    BlockRoutes blocks = new BlockRoutes(api);
    routes
        .add("POST", "/block_types/", Scope.RUN, Reply.CREATED, blocks::createType)
        .add(
            "GET",
            "/block_types/{id}",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(Shapes.type(api.blocks().readBlockType(call.id()))))
        .add("PATCH", "/block_types/{id}", Scope.RUN, Reply.NO_CONTENT, blocks::updateType)
        .add("DELETE", "/block_types/{id}", Scope.ADMIN, Reply.NO_CONTENT, blocks::deleteType)
        .add("POST", "/block_types/filter", Scope.READ, Reply.OK, blocks::listTypes)
        .add(
            "GET",
            "/block_types/slug/{slug}",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(Shapes.type(blocks.typeOf(call.text("slug")))))
        .add("POST", "/block_schemas/", Scope.RUN, Set.of(200, 201), blocks::createSchema)
        .add("POST", "/block_schemas/filter", Scope.READ, Reply.OK, blocks::listSchemas)
        .add(
            "GET",
            "/block_schemas/{id}",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(Shapes.schema(api.blocks().readBlockSchema(call.id()))))
        .add("DELETE", "/block_schemas/{id}", Scope.ADMIN, Reply.NO_CONTENT, blocks::deleteSchema)
        .add("GET", "/block_schemas/checksum/{checksum}", Scope.READ, Reply.OK, blocks::findSchema)
        .add(
            "GET",
            "/block_capabilities/",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(api.blocks().listCapabilities()));
  }

  private Reply createType(Call call) {
    Values body = call.fields();
    return Reply.created(
        Shapes.type(
            api.blocks()
                .createBlockType(
                    body.requiredText("slug"), texts(body, body.requiredText("name"), null))));
  }

  /** The texts in a body; those that are absent are the old ones. */
  private static BlockTypeRecord.Texts texts(
      Values body, String name, BlockTypeRecord.@Nullable Texts old) {
    Function<String, Boolean> keeps = field -> old != null && !body.json().containsKey(field);
    return new BlockTypeRecord.Texts(
        name,
        old != null && keeps.apply("logo_url") ? old.logoUrl() : body.text("logo_url"),
        old != null && keeps.apply("documentation_url")
            ? old.documentationUrl()
            : body.text("documentation_url"),
        old != null && keeps.apply("description") ? old.description() : body.text("description"),
        old != null && keeps.apply("code_example") ? old.codeExample() : body.text("code_example"));
  }

  private Reply updateType(Call call) {
    BlockTypeRecord type = api.blocks().readBlockType(call.id());
    if (call.caller().run() != null) {
      return Reply.NOTHING; // Prefect's engine brings its own texts, and fails if they are refused
    }
    api.blocks().updateBlockType(type.id(), texts(call.fields(), type.name(), type.texts()));
    return Reply.NOTHING;
  }

  private Reply deleteType(Call call) {
    api.blocks().deleteBlockType(call.id());
    return Reply.NOTHING;
  }

  private Reply deleteSchema(Call call) {
    api.blocks().deleteBlockSchema(call.id());
    return Reply.NOTHING;
  }

  private BlockTypeRecord typeOf(String slug) {
    return api.blocks()
        .findBlockType(slug)
        .orElseThrow(() -> new RequestException(404, "Block type not found"));
  }

  /** All entries of a listing that match; block types and schemas are few. */
  private static <T> List<T> matching(
      Page first, Function<Page, List<T>> listing, Predicate<T> filter) {
    return AllPages.read(first, listing).stream().filter(filter).toList();
  }

  private static <T> List<T> part(List<T> all, Page page) {
    int from = Math.min(page.offset(), all.size());
    return all.subList(from, Math.min(from + page.limit(), all.size()));
  }

  private Reply listTypes(Call call) {
    BlockFilters filters = new BlockFilters(call.fields());
    Predicate<BlockSchemaRecord> ofSchemas = filters.ofSchemas();
    Predicate<BlockTypeRecord> filter =
        filters
            .ofTypes()
            .and(type -> !filters.hasSchemaConditions() || !schemas(type, ofSchemas).isEmpty());
    Function<Page, List<BlockTypeRecord>> listing =
        page -> api.blocks().listBlockTypes(filters.capabilities(), page);
    return Reply.ok(
        call
            .page(
                page ->
                    part(
                        matching(new Page(Page.MAX_LIMIT, 0, page.after()), listing, filter), page))
            .stream()
            .map(Shapes::type)
            .toList());
  }

  /** The types that match. */
  static List<BlockTypeRecord> types(
      BlockApi blocks, Set<String> capabilities, Predicate<BlockTypeRecord> filter) {
    return matching(Page.FIRST, page -> blocks.listBlockTypes(capabilities, page), filter);
  }

  private List<BlockSchemaRecord> schemas(
      BlockTypeRecord type, Predicate<BlockSchemaRecord> filter) {
    return matching(Page.FIRST, page -> api.blocks().listBlockSchemas(type.id(), page), filter);
  }

  private Reply createSchema(Call call) {
    Values body = call.fields();
    String version = body.text("version");
    Created<BlockSchemaRecord> schema =
        api.blocks()
            .findOrCreateBlockSchema(
                body.requiredId("block_type_id"),
                body.object("fields"),
                body.texts("capabilities"),
                version == null ? "non-versioned" : version);
    return Reply.found(schema.isNew(), Shapes.schema(schema.record()));
  }

  private Reply findSchema(Call call) {
    return Reply.ok(
        Shapes.schema(
            api.blocks()
                .findBlockSchema(call.text("checksum"), call.queryText("version"))
                .orElseThrow(() -> new RequestException(404, "Block schema not found"))));
  }

  private Reply listSchemas(Call call) {
    BlockFilters filters = new BlockFilters(call.fields());
    Predicate<BlockSchemaRecord> ofSchemas = filters.ofSchemas();
    List<BlockSchemaRecord> all =
        types(api.blocks(), filters.capabilities(), type -> true).stream()
            .flatMap(type -> schemas(type, schema -> true).stream())
            .toList();
    return Reply.ok(
        call
            .page(
                page ->
                    part(
                        AllPages.after(all, BlockSchemaRecord::id, page.after()).stream()
                            .filter(ofSchemas)
                            .toList(),
                        page))
            .stream()
            .map(Shapes::schema)
            .toList());
  }
}
