package dev.sheave.orchestrator.internal.record;

import dev.sheave.api.AuditApi;
import dev.sheave.api.AuditRecord;
import dev.sheave.api.Page;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.Row;
import java.util.List;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The changes that were made through servers, over JDBC. Safe for use by several threads. */
public final class JdbcAuditApi implements AuditApi {
  private final Database database;

  /** Keeps the changes in a database. */
  public JdbcAuditApi(Database database) {
    this.database = database;
  }

  @Override
  public void addChanges(List<AuditRecord> changes) {
    if (changes.isEmpty()) {
      return;
    }
    database.change(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  "insert into audit (created, who, address, method, path, status)"
                      + " values (:time, :who, :address, :method, :path, :status)");
          for (AuditRecord change : changes) {
            batch
                .bind("time", change.time())
                .bind("who", change.who())
                .bind("address", change.address())
                .bind("method", change.method())
                .bind("path", change.path())
                .bind("status", change.status())
                .add();
          }
          batch.execute();
        });
  }

  @Override
  public List<AuditRecord> listChanges(Page page) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "select * from audit order by sequence desc limit :limit offset :offset")
                .bind("limit", page.limit())
                .bind("offset", page.offset())
                .map(
                    (columns, context) -> {
                      Row row = new Row(columns);
                      return new AuditRecord(
                          row.time("created"),
                          row.text("who"),
                          row.text("address"),
                          row.text("method"),
                          row.text("path"),
                          row.number("status"));
                    })
                .list());
  }
}
