package dev.sheave.orchestrator.internal.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.orchestrator.internal.database.Row;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The documents that parameters refer to, {@code {"$ref": {"block_document_id": id}}} at any depth:
 * of secrets, and of blocks. Anonymous ones live as long as a deployment or a run refers to them.
 */
public final class ParameterReferences {

  /** What has parameters. */
  public enum Owner {
    /** A deployment. */
    DEPLOYMENT("deployment_id"),
    /** A run. */
    FLOW_RUN("flow_run_id");

    private final String column;

    Owner(String column) {
      this.column = column;
    }
  }

  private ParameterReferences() {}

  /** Returns the documents that the parameters of a deployment or a run refer to. */
  public static List<UUID> of(Handle handle, Owner owner, UUID id) {
    return handle
        .createQuery("select document_id from parameter_reference where " + owner.column + " = :id")
        .bind("id", id)
        .map((row, context) -> new Row(row).id("document_id"))
        .list();
  }

  /**
   * Records what the parameters of a deployment or a run refer to, in place of what they did.
   *
   * @return the documents they referred to before
   * @throws SheaveException {@code CONFLICT} if one of the documents doesn't exist
   */
  public static List<UUID> record(
      Handle handle, Owner owner, UUID id, Map<String, @Nullable Object> parameters) {
    List<UUID> before = of(handle, owner, id);
    handle
        .createUpdate("delete from parameter_reference where " + owner.column + " = :id")
        .bind("id", id)
        .execute();
    recordNew(handle, owner, id, parameters);
    return before;
  }

  /**
   * Records what the parameters of a new deployment or run refer to.
   *
   * @throws SheaveException {@code CONFLICT} if one of the documents doesn't exist
   */
  public static void recordNew(
      Handle handle, Owner owner, UUID id, Map<String, @Nullable Object> parameters) {
    Set<UUID> done = new LinkedHashSet<>();
    References.in(parameters)
        .forEach(
            (path, document) -> {
              if (done.add(document) && !insert(handle, owner, id, document)) {
                throw new SheaveException(
                    Code.CONFLICT,
                    "The parameter '"
                        + path
                        + "' refers to the block "
                        + document
                        + ", which doesn't exist in this store; give its value again.");
              }
            });
  }

  private static boolean insert(Handle handle, Owner owner, UUID id, UUID document) {
    return handle
            .createUpdate(
                "insert into parameter_reference (document_id, "
                    + owner.column
                    + ") select d.id, :id from block_document d where d.id = :document")
            .bind("id", id)
            .bind("document", document)
            .execute()
        > 0;
  }
}
