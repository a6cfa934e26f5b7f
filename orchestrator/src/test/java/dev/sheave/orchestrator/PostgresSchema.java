package dev.sheave.orchestrator;

import dev.sheave.OrchestrationProvider.Options;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.block.Secret;
import dev.sheave.testkit.RequiredService;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;

/** A schema of its own in the PostgreSQL server of {@code bin/services}. */
final class PostgresSchema {
  private final String name = "test_" + UUID.randomUUID().toString().replace("-", "");

  private static String server() {
    return RequiredService.variable("postgres", "POSTGRES_URL");
  }

  static String password() {
    return RequiredService.variable("postgres", "POSTGRES_PASSWORD");
  }

  String url() {
    return server() + "?currentSchema=" + name;
  }

  OrchestrationApi open(Path home) {
    return new PostgresOrchestrationProvider(Map.of(PostgresOrchestrationProvider.CONNECTIONS, "3"))
        .open(new Options(url(), home, Secret.of(password()), null));
  }

  Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", url().replaceAll(".*//(.*)@.*", "$1"));
    properties.setProperty("password", password());
    return DriverManager.getConnection(url().replaceAll("//.*@", "//"), properties);
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  /** Runs a statement on the tables. */
  void fill(String statement) throws SQLException {
    execute("set search_path to " + name, statement);
  }

  String text(String query) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  void create() throws SQLException {
    execute("create schema if not exists " + name);
  }

  void drop() throws SQLException {
    execute("drop schema if exists " + name + " cascade");
  }
}
