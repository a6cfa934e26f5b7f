package dev.sheave.orchestrator.internal.database;

import dev.sheave.orchestrator.internal.secret.EncryptionKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/** Which encryption key a database is of, before it is opened: a new one gets a key at once. */
final class KeyRegistration {

  private KeyRegistration() {}

  /** Returns the id of the key that documents are written with. */
  static String newest(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select id from encryption_key order by created desc limit 1")) {
      row.next();
      return row.getString(1);
    }
  }

  /** Makes a key that of a new database. */
  static void register(Connection connection, EncryptionKey key) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("insert into encryption_key (id, created) values (?, ?)")) {
      insert.setString(1, key.id());
      insert.setLong(2, Times.toMicros(Instant.now()));
      insert.execute();
    }
  }
}
