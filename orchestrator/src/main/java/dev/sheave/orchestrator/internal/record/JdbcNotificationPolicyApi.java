package dev.sheave.orchestrator.internal.record;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.NotificationPolicy;
import dev.sheave.api.NotificationPolicyApi;
import dev.sheave.api.NotificationPolicyRecord;
import dev.sheave.api.Page;
import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.MissingRecord;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.Where;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Notification policies over JDBC. Safe for use by several threads. */
public final class JdbcNotificationPolicyApi implements NotificationPolicyApi {
  private static final String TABLE = "notification_policy n";

  private final Database database;

  /** Keeps the records in a database. */
  public JdbcNotificationPolicyApi(Database database) {
    this.database = database;
  }

  @Override
  public NotificationPolicyRecord createNotificationPolicy(NotificationPolicy policy) {
    return database.write(
        handle -> {
          UUID id = UUID.randomUUID();
          write(
              handle,
              "insert into notification_policy (id, created, updated, is_active, state_names, tags,"
                  + " block_document_id, message_template) values (:id, :now, :now, :active,"
                  + " :states, :tags, :document, :message)",
              id,
              StoreClock.now(handle),
              policy);
          return read(handle, id);
        });
  }

  @Override
  public void updateNotificationPolicy(UUID id, NotificationPolicyUpdate update) {
    database.change(
        handle -> {
          NotificationPolicyRecord record = read(handle, id);
          write(
              handle,
              "update notification_policy set updated = :now, is_active = :active,"
                  + " state_names = :states, tags = :tags, block_document_id = :document,"
                  + " message_template = :message where id = :id",
              id,
              StoreClock.nowAfter(handle, record.updated()),
              update.applyTo(record.policy()));
        });
  }

  private static void write(
      Handle handle, String statement, UUID id, Instant now, NotificationPolicy policy) {
    checkDocument(handle, policy.blockDocumentId());
    handle
        .createUpdate(statement)
        .bind("id", id)
        .bind("now", now)
        .bind("active", policy.isActive())
        .bind("states", Json.write(policy.stateNames()))
        .bind("tags", Json.write(policy.tags()))
        .bind("document", policy.blockDocumentId())
        .bind("message", policy.messageTemplate())
        .execute();
  }

  private static void checkDocument(Handle handle, UUID id) {
    boolean exists =
        handle
            .createQuery("select id from block_document where id = :id")
            .bind("id", id)
            .map((row, context) -> new Row(row).id("id"))
            .findFirst()
            .isPresent();
    if (!exists) {
      throw new SheaveException(
          Code.NOT_FOUND,
          "The block document with the id "
              + id
              + ", which is to send notifications, doesn't exist.");
    }
  }

  @Override
  public NotificationPolicyRecord readNotificationPolicy(UUID id) {
    return database.read(handle -> read(handle, id));
  }

  private static NotificationPolicyRecord read(Handle handle, UUID id) {
    return handle
        .createQuery("select * from notification_policy where id = :id")
        .bind("id", id)
        .map((row, context) -> record(row))
        .findFirst()
        .orElseThrow(() -> MissingRecord.of("notification policy", id));
  }

  @Override
  public List<NotificationPolicyRecord> listNotificationPolicies(
      @Nullable Boolean isActive, Page page) {
    return database.read(
        handle -> {
          Where where = new Where();
          String condition = where.flag("n.is_active", isActive);
          String end = Listing.ascending(TABLE, "n", "created").end(handle, where, condition, page);
          return where
              .bindTo(handle.createQuery("select n.* from " + TABLE + end))
              .map((row, context) -> record(row))
              .list();
        });
  }

  @Override
  public void deleteNotificationPolicy(UUID id) {
    database.change(
        handle -> {
          read(handle, id);
          handle
              .createUpdate("delete from notification_policy where id = :id")
              .bind("id", id)
              .execute();
        });
  }

  private static NotificationPolicyRecord record(ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    return new NotificationPolicyRecord(
        row.id("id"),
        row.time("created"),
        row.time("updated"),
        new NotificationPolicy(
            row.flag("is_active"),
            row.texts("state_names"),
            row.texts("tags"),
            row.id("block_document_id"),
            row.textOrNull("message_template")));
  }
}
