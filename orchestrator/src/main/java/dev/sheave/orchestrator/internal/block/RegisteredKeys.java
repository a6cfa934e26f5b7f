package dev.sheave.orchestrator.internal.block;

import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.secret.EncryptionKey;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The table that says by which keys a database's documents are encrypted: ids, never keys. */
final class RegisteredKeys {

  private RegisteredKeys() {}

  /** Returns the ids, the one that documents are written with first. */
  static List<String> ids(Handle handle) {
    return handle
        .createQuery("select id from encryption_key order by created desc, id")
        .map((row, context) -> new Row(row).text("id"))
        .list();
  }

  /** Makes a key the one that documents are written with. */
  static void register(Handle handle, EncryptionKey key) {
    Instant newest =
        handle
            .createQuery("select created from encryption_key order by created desc limit 1")
            .map((row, context) -> new Row(row).time("created"))
            .one();
    handle
        .createUpdate(
            "insert into encryption_key (id, created) values (:id, :created)"
                + " on conflict (id) do update set created = excluded.created")
        .bind("id", key.id())
        .bind("created", StoreClock.nowAfter(handle, newest))
        .execute();
  }

  /** Forgets all keys but one; the tables refuse this while a document needs another. */
  static void forgetOthers(Handle handle, EncryptionKey key) {
    handle
        .createUpdate("delete from encryption_key where id <> :id")
        .bind("id", key.id())
        .execute();
  }
}
