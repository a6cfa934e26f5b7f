package dev.sheave.orchestrator.internal.block;

import dev.sheave.orchestrator.internal.database.Row;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Deletes anonymous documents that have lost their last reference, in the transaction that removed
 * it. A document is created before its first reference, so one that nothing refers to yet stays.
 */
public final class AnonymousDocuments {

  private AnonymousDocuments() {}

  /**
   * Deletes the given documents that are anonymous and that no deployment, no run (ended or not)
   * and no document refers to any more; then, in the same way, the documents that those referred
   * to.
   *
   * @param released documents that have lost a reference
   */
  public static void collect(Handle handle, Collection<UUID> released) {
    Deque<UUID> next = new ArrayDeque<>(released);
    while (!next.isEmpty()) {
      UUID id = next.remove();
      List<UUID> children = children(handle, id);
      if (deleteIfUnused(handle, id)) {
        next.addAll(children);
      }
    }
  }

  /** Returns the ids of documents that one refers to directly. */
  static List<UUID> children(Handle handle, UUID id) {
    return referenced(handle, "parent_id = :id", id);
  }

  /** Returns the ids of documents that those of a type refer to directly. */
  static List<UUID> childrenOfType(Handle handle, UUID blockTypeId) {
    return referenced(
        handle,
        "parent_id in (select id from block_document where block_type_id = :id)",
        blockTypeId);
  }

  private static List<UUID> referenced(Handle handle, String parent, UUID id) {
    return handle
        .createQuery("select distinct referenced_id from block_document_reference where " + parent)
        .bind("id", id)
        .map((row, context) -> new Row(row).id("referenced_id"))
        .list();
  }

  private static boolean deleteIfUnused(Handle handle, UUID id) {
    return handle
            .createUpdate(
                "delete from block_document where id = :id and is_anonymous"
                    + " and not exists (select 1 from deployment where storage_document_id = :id)"
                    + " and not exists"
                    + " (select 1 from deployment where infrastructure_document_id = :id)"
                    + " and not exists"
                    + " (select 1 from flow_run where infrastructure_document_id = :id)"
                    + " and not exists"
                    + " (select 1 from parameter_reference where document_id = :id)"
                    + " and not exists"
                    + " (select 1 from block_document_reference where referenced_id = :id)")
            .bind("id", id)
            .execute()
        > 0;
  }
}
