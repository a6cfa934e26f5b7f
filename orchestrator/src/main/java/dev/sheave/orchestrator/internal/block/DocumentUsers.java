package dev.sheave.orchestrator.internal.block;

import dev.sheave.orchestrator.internal.database.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * What uses a document: deployments, other documents, notification policies, and runs that aren't
 * over, which need it when they start. Runs that are over don't count.
 */
final class DocumentUsers {

  private DocumentUsers() {}

  /** Names what uses a document. */
  static List<String> of(Handle handle, UUID id) {
    return users(handle, "d.id = :id", "true", id);
  }

  /** Names what uses documents of a type from outside the type. */
  static List<String> ofType(Handle handle, UUID blockTypeId) {
    return users(handle, "d.block_type_id = :id", "p.block_type_id <> :id", blockTypeId);
  }

  private static List<String> users(Handle handle, String used, String parent, UUID id) {
    List<String> users = new ArrayList<>();
    users.addAll(
        names(
            handle,
            id,
            "select distinct 'deployment ' || f.name || '/' || u.name as name"
                + " from block_document d join deployment u"
                + " on u.storage_document_id = d.id or u.infrastructure_document_id = d.id"
                + " or u.id in"
                + " (select deployment_id from parameter_reference where document_id = d.id)"
                + " join flow f on f.id = u.flow_id where "
                + used
                + " order by 1"));
    users.addAll(
        names(
            handle,
            id,
            "select distinct 'block ' || t.slug || '/' || p.name as name"
                + " from block_document d"
                + " join block_document_reference r on r.referenced_id = d.id"
                + " join block_document p on p.id = r.parent_id"
                + " join block_type t on t.id = p.block_type_id where "
                + used
                + " and "
                + parent
                + " order by 1"));
    users.addAll(
        names(
            handle,
            id,
            "select 'flow run ' || u.name as name"
                + " from block_document d join flow_run u on (u.infrastructure_document_id = d.id"
                + " or u.id in"
                + " (select flow_run_id from parameter_reference where document_id = d.id))"
                + " where u.state_type not in ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED') and "
                + used
                + " order by 1"));
    users.addAll(
        names(
            handle,
            id,
            "select 'notification policy ' || n.id as name from block_document d"
                + " join notification_policy n on n.block_document_id = d.id where "
                + used
                + " order by 1"));
    return List.copyOf(users);
  }

  private static List<String> names(Handle handle, UUID id, String sql) {
    return handle
        .createQuery(sql)
        .bind("id", id)
        .map((row, context) -> new Row(row).text("name"))
        .list();
  }
}
