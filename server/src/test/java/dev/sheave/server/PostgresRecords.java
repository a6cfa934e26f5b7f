package dev.sheave.server;

import dev.sheave.testkit.RequiredService;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.UUID;

/** A schema of its own in the PostgreSQL server of {@code bin/services}. */
final class PostgresRecords {
  private final String schema = "test_" + UUID.randomUUID().toString().replace("-", "");

  PostgresRecords() throws SQLException {
    execute("create schema " + schema);
  }

  /** Its URL, without the password. */
  String url() {
    return server() + "?currentSchema=" + schema;
  }

  private static String server() {
    return RequiredService.variable("postgres", "POSTGRES_URL");
  }

  static String password() {
    return RequiredService.variable("postgres", "POSTGRES_PASSWORD");
  }

  private static void execute(String sql) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", server().replaceAll(".*//(.*)@.*", "$1"));
    properties.setProperty("password", password());
    try (Connection connection =
            DriverManager.getConnection(server().replaceAll("//.*@", "//"), properties);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  void drop() throws SQLException {
    execute("drop schema " + schema + " cascade");
  }
}
