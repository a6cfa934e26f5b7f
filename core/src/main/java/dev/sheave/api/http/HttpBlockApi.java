package dev.sheave.api.http;

import static dev.sheave.api.http.Call.encoded;
import static dev.sheave.api.http.Call.named;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.Created;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.Feature;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.NotificationPolicyApi;
import dev.sheave.api.Page;
import dev.sheave.api.internal.BlockJson;
import dev.sheave.api.internal.FieldWriter;
import dev.sheave.internal.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Blocks of a server. */
final class HttpBlockApi implements BlockApi {
  private static final String TYPES = "/block_types/";
  private static final String SCHEMAS = "/block_schemas/";
  private static final String DOCUMENTS = "/block_documents/";

  private final ServerConnection server;
  private final ServerFeatures features;
  private final DocumentUsers users;

  HttpBlockApi(
      ServerConnection server,
      ServerFeatures features,
      DeploymentApi deployments,
      FlowRunApi flowRuns,
      NotificationPolicyApi policies) {
    this.server = server;
    this.features = features;
    this.users = new DocumentUsers(this, deployments, flowRuns, policies);
  }

  @Override
  public Optional<BlockTypeRecord> findBlockType(String slug) {
    return server
        .find(Call.get(TYPES + "slug/" + encoded(slug), named("block type", slug)))
        .map(answer -> answer.record(BlockJson.TYPE));
  }

  @Override
  public BlockTypeRecord readBlockType(UUID id) {
    return server.send(Call.get(TYPES + id, named("block type", id))).record(BlockJson.TYPE);
  }

  @Override
  public BlockTypeRecord createBlockType(String slug, BlockTypeRecord.Texts texts) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("name", texts.name());
    body.put("slug", slug);
    body.putAll(described(texts));
    return server.send(Call.create(TYPES, body)).record(BlockJson.TYPE);
  }

  private Map<String, @Nullable Object> described(BlockTypeRecord.Texts texts) {
    String logo = texts.logoUrl();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    // the reference takes no logos that are in their URLs
    boolean isTaken = logo == null || !logo.startsWith("data:") || features.isSheave();
    json.put("logo_url", isTaken ? logo : null);
    json.put("documentation_url", texts.documentationUrl());
    json.put("description", texts.description());
    json.put("code_example", texts.codeExample());
    return json;
  }

  @Override
  public void updateBlockType(UUID id, BlockTypeRecord.Texts texts) {
    server.send(Call.patch(TYPES + id, described(texts), named("block type", id)));
  }

  @Override
  public void deleteBlockType(UUID id) {
    if (!features.isSheave()) {
      BlockTypeRecord type = readBlockType(id);
      users.refuseIfUsed(type);
    }
    server.send(Call.delete(TYPES + id, named("block type", id)));
  }

  @Override
  public void deleteBlockSchema(UUID id) {
    if (!features.isSheave()) {
      users.refuseIfUsed(readBlockSchema(id).blockType());
    }
    server.send(Call.delete(SCHEMAS + id, named("block schema", id)));
  }

  private static Map<String, Object> withAll(Set<String> capabilities) {
    return Json.object("block_capabilities", Json.object("all_", List.copyOf(capabilities)));
  }

  @Override
  public List<BlockTypeRecord> listBlockTypes(Set<String> capabilities, Page page) {
    Map<String, @Nullable Object> body = features.page(page);
    if (!capabilities.isEmpty()) {
      body.put("block_schemas", withAll(capabilities));
    }
    return server.send(Call.query(TYPES + "filter", body)).records(BlockJson.TYPE);
  }

  @Override
  public BlockSchemaRecord readBlockSchema(UUID id) {
    return server.send(Call.get(SCHEMAS + id, named("block schema", id))).record(BlockJson.SCHEMA);
  }

  @Override
  public Optional<BlockSchemaRecord> findBlockSchema(String checksum, @Nullable String version) {
    String query = version == null ? "" : "?version=" + encoded(version);
    return server
        .find(
            Call.get(
                // as the reference's client writes it
                SCHEMAS + "checksum/" + encoded(checksum).replace("%3A", ":") + query,
                named("block schema", checksum)))
        .map(answer -> answer.record(BlockJson.SCHEMA));
  }

  @Override
  public List<BlockSchemaRecord> listBlockSchemas(UUID blockTypeId, Page page) {
    Map<String, @Nullable Object> body = features.page(page);
    body.put("block_schemas", ServerFeatures.anyOf("block_type_id", blockTypeId.toString()));
    List<BlockSchemaRecord> schemas =
        server.send(Call.query(SCHEMAS + "filter", body)).records(BlockJson.SCHEMA);
    if (schemas.isEmpty()) {
      readBlockType(blockTypeId); // says if it doesn't exist
    }
    return schemas;
  }

  @Override
  public Created<BlockSchemaRecord> findOrCreateBlockSchema(
      UUID blockTypeId,
      Map<String, @Nullable Object> fields,
      List<String> capabilities,
      String version) {
    Answer answer =
        server.send(
            Call.create(
                    SCHEMAS,
                    Json.object(
                        "fields", fields,
                        "block_type_id", blockTypeId.toString(),
                        "capabilities", capabilities,
                        "version", version))
                .repeatable(true)
                .about(named("block type", blockTypeId)));
    return new Created<>(answer.record(BlockJson.SCHEMA), answer.isNew());
  }

  @Override
  public List<String> listCapabilities() {
    return server.send(Call.get("/block_capabilities/", "The list")).texts().stream()
        .sorted()
        .toList();
  }

  @Override
  public BlockDocumentRecord createBlockDocument(NewBlockDocument document) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("name", document.name());
    body.put("data", document.data());
    body.put("block_schema_id", document.blockSchemaId().toString());
    body.put(
        "block_type_id", readBlockSchema(document.blockSchemaId()).blockType().id().toString());
    body.put("is_anonymous", document.isAnonymous());
    return server
        .send(
            Call.create(DOCUMENTS, body)
                .about("A block that the new one refers to")
                .integrity(Code.NOT_FOUND))
        .record(BlockJson.DOCUMENT);
  }

  private static String withSecrets(boolean includeSecrets) {
    return "?include_secrets=" + includeSecrets;
  }

  @Override
  public BlockDocumentRecord readBlockDocument(UUID id, boolean includeSecrets) {
    return server
        .send(Call.get(DOCUMENTS + id + withSecrets(includeSecrets), named("block document", id)))
        .record(BlockJson.DOCUMENT);
  }

  @Override
  public Optional<BlockDocumentRecord> findBlockDocument(
      String slug, String name, boolean includeSecrets) {
    return server
        .find(
            Call.get(
                TYPES
                    + "slug/"
                    + encoded(slug)
                    + "/block_documents/name/"
                    + encoded(name)
                    + withSecrets(includeSecrets),
                named("block", slug + "/" + name)))
        .map(answer -> answer.record(BlockJson.DOCUMENT));
  }

  @Override
  public void updateBlockDocument(
      UUID id,
      UUID blockSchemaId,
      Map<String, @Nullable Object> data,
      boolean merge,
      @Nullable Instant expectedUpdated) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("data", data);
    body.put("block_schema_id", blockSchemaId.toString());
    if (!merge) {
      body.put("merge_existing_data", false);
    }
    if (expectedUpdated != null && features.has(Feature.EXPECTED_UPDATED)) {
      body.put("expected_updated", FieldWriter.time(expectedUpdated));
    } else if (expectedUpdated != null) {
      // a change between this and the next call is missed
      refuseIfChanged(readBlockDocument(id, false), expectedUpdated);
    }
    server.send(
        Call.patch(DOCUMENTS + id, body, named("block document", id))
            .repeatable(expectedUpdated == null));
  }

  private static void refuseIfChanged(BlockDocumentRecord document, Instant expected) {
    if (!document.updated().equals(expected)) {
      throw new SheaveException(
          Code.CONFLICT,
          "The block '" + document.reference() + "' was changed meanwhile; load it again.");
    }
  }

  @Override
  public void deleteBlockDocument(UUID id, boolean detach) {
    String query = "";
    if (features.has(Feature.DETACH)) {
      query = detach ? "?detach=true" : "";
    } else {
      users.refuseIfUsed(readBlockDocument(id, false));
    }
    server.send(Call.delete(DOCUMENTS + id + query, named("block document", id)));
  }

  @Override
  public List<String> usersOfBlockDocument(UUID id) {
    return features.has(Feature.DETACH)
        ? server.send(Call.get(DOCUMENTS + id + "/users", named("block document", id))).texts()
        : users.of(readBlockDocument(id, false));
  }

  @Override
  public List<BlockDocumentRecord> listBlockDocuments(
      BlockDocumentFilter filter, Page page, boolean includeSecrets) {
    Map<String, @Nullable Object> body = features.page(page);
    Map<String, @Nullable Object> documents = new LinkedHashMap<>();
    documents.put("is_anonymous", filter.includeAnonymous() ? null : Json.object("eq_", false));
    body.put("block_documents", documents);
    if (!filter.slugs().isEmpty()) {
      body.put("block_types", ServerFeatures.anyOf("slug", filter.slugs().toArray()));
    }
    if (!filter.capabilities().isEmpty()) {
      body.put("block_schemas", withAll(filter.capabilities()));
    }
    body.put("include_secrets", includeSecrets);
    return server.send(Call.query(DOCUMENTS + "filter", body)).records(BlockJson.DOCUMENT);
  }
}
