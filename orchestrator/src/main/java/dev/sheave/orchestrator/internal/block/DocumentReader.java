package dev.sheave.orchestrator.internal.block;

import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockDocumentRecord.Reference;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.orchestrator.internal.block.BlockDocumentTable.Document;
import dev.sheave.orchestrator.internal.secret.Masks;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Turns documents into records. References are replaced by the current values of the referenced
 * documents, and secrets are masked unless they are asked for. Serves one call.
 */
final class DocumentReader {
  private final Handle handle;
  private final BlockDocumentTable documents;
  private final BlockSchemaTable schemas;
  private final Masks masks;
  private final boolean includeSecrets;

  private final Map<UUID, Document> known = new HashMap<>();
  private final Map<UUID, Map<String, UUID>> references = new HashMap<>();
  private final Map<UUID, Resolved> resolved = new HashMap<>();
  private final Map<UUID, BlockSchemaRecord> schemaRecords = new HashMap<>();

  DocumentReader(
      Handle handle,
      BlockDocumentTable documents,
      BlockSchemaTable schemas,
      boolean includeSecrets) {
    this.handle = handle;
    this.documents = documents;
    this.schemas = schemas;
    this.includeSecrets = includeSecrets;
    this.masks = new Masks(slug -> schemas.secretsOfType(handle, slug));
  }

  /** A document's values with those of the documents it refers to, however indirectly. */
  private record Resolved(Map<String, @Nullable Object> data, Map<String, Reference> references) {}

  BlockDocumentRecord record(Document document) {
    return records(List.of(document)).get(0);
  }

  List<BlockDocumentRecord> records(List<Document> roots) {
    load(roots);
    return roots.stream()
        .map(
            root -> {
              Resolved values = resolve(root);
              return new BlockDocumentRecord(
                  root.id(),
                  root.created(),
                  root.updated(),
                  root.name(),
                  values.data(),
                  schemaRecords.computeIfAbsent(
                      root.blockSchemaId(), id -> schemas.read(handle, id)),
                  values.references(),
                  root.isAnonymous());
            })
        .toList();
  }

  /** Reads all referenced documents, one level at a time. */
  private void load(Collection<Document> generation) {
    generation.forEach(document -> known.put(document.id(), document));
    Map<UUID, Map<String, UUID>> found =
        documents.references(handle, generation.stream().map(Document::id).toList());
    references.putAll(found);
    Set<UUID> next = new HashSet<>();
    found.values().forEach(paths -> next.addAll(paths.values()));
    next.removeAll(known.keySet());
    if (!next.isEmpty()) {
      load(documents.readAll(handle, next));
    }
  }

  private Resolved resolve(Document document) {
    Resolved done = resolved.get(document.id());
    if (done == null) {
      done = resolveNow(document);
      resolved.put(document.id(), done);
    }
    return done;
  }

  private Resolved resolveNow(Document document) {
    Map<String, Reference> found = new LinkedHashMap<>();
    Map<String, @Nullable Object> data = document.data();
    if (references.containsKey(document.id())) {
      data =
          References.replace(
              data,
              (path, id) -> {
                Document child = known.get(id);
                if (child == null) {
                  throw BlockDocumentTable.missing(id);
                }
                Resolved values = resolve(child);
                found.put(
                    path,
                    new Reference(
                        id, child.name(), child.slug(), child.isAnonymous(), child.updated()));
                values
                    .references()
                    .forEach(
                        (below, reference) -> found.put(References.below(path, below), reference));
                return values.data();
              });
    }
    if (!includeSecrets) {
      data = masks.hide(data, document.slug());
    }
    return new Resolved(data, found);
  }
}
