package dev.sheave.orchestrator.internal.database;

import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.secret.DocumentBinding;
import dev.sheave.orchestrator.internal.secret.DocumentCipher;
import dev.sheave.orchestrator.internal.secret.KeyRing;
import dev.sheave.orchestrator.internal.secret.SortedJson;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/**
 * Schema 2: what documents are bound to. In schema 1 it was their id alone. All are encrypted anew
 * in one transaction, and the old form isn't read anywhere else: a database with one document of
 * the new form is refused here, so nobody can put a single old one into it and have it taken.
 */
final class BindDocuments implements JavaMigration {
  private final DocumentCipher cipher;

  BindDocuments(KeyRing keys) {
    this.cipher = new DocumentCipher(keys);
  }

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion("2");
  }

  @Override
  public String getDescription() {
    return "bind documents";
  }

  @Override
  public @Nullable Integer getChecksum() {
    return null;
  }

  @Override
  public boolean canExecuteInTransaction() {
    return true;
  }

  @Override
  public void migrate(Context context) throws SQLException {
    Connection connection = context.getConnection();
    Map<String, String> digests = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select id, fields from block_schema")) {
      while (rows.next()) {
        Row row = new Row(rows);
        digests.put(row.text("id"), SortedJson.digest(Json.copyObject(row.object("fields"))));
      }
    }
    try (Statement statement = connection.createStatement();
        PreparedStatement update =
            connection.prepareStatement("update block_document set data = ? where id = ?");
        ResultSet rows =
            statement.executeQuery(
                "select d.*, t.slug from block_document d"
                    + " join block_type t on t.id = d.block_type_id")) {
      while (rows.next()) {
        Row row = new Row(rows);
        DocumentBinding binding = binding(row, digests);
        String keyId = row.text("key_id");
        String text = cipher.decryptOfSchema1(binding, keyId, row.bytes("data"));
        update.setBytes(1, cipher.encrypt(binding, cipher.key(keyId), text));
        update.setString(2, binding.id().toString());
        update.addBatch();
      }
      update.executeBatch();
      statement.execute("pragma user_version = 2");
    }
  }

  private static DocumentBinding binding(Row row, Map<String, String> digests) throws SQLException {
    UUID schema = row.id("block_schema_id");
    return new DocumentBinding(
        row.id("id"),
        row.id("block_type_id"),
        row.text("slug"),
        row.text("name"),
        row.flag("is_anonymous"),
        schema,
        digests.getOrDefault(schema.toString(), ""),
        row.time("updated"));
  }
}
