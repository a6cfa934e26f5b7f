package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.OrchestrationProvider.Options;
import dev.sheave.testkit.PostgresSchema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The databases have the same tables: a migration of one is one of the other. */
class TablesTest {
  /** Where PostgreSQL has another type for what SQLite calls so; any others are called the same. */
  private static final Map<String, String> TYPES =
      Map.of("integer", "number", "bigint", "number", "blob", "bytea");

  private final PostgresSchema schema = new PostgresSchema();

  @TempDir private Path home;

  @BeforeEach
  void create() throws SQLException {
    Stores.open(schema, home.resolve("postgres")).close();
    new SqliteOrchestrationProvider()
        .open(new Options("jdbc:sqlite:" + database(), home, null, null))
        .close();
  }

  @AfterEach
  void dropSchema() throws SQLException {
    schema.close();
  }

  private Path database() {
    return home.resolve("sheave.db");
  }

  private Set<String> sqlite(String query) throws SQLException {
    Set<String> all = new TreeSet<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        all.add(typed(row.getString(1)));
      }
    }
    return all;
  }

  private Set<String> postgres(String query) throws SQLException {
    Set<String> all = new TreeSet<>();
    schema
        .text("select string_agg(x.line, chr(10)) from (" + query + ") x (line)")
        .lines()
        .forEach(line -> all.add(typed(line)));
    return all;
  }

  /** The type is the last word. */
  private static String typed(String line) {
    int last = line.lastIndexOf(' ') + 1;
    String type = line.substring(last);
    return line.substring(0, last) + TYPES.getOrDefault(type, type);
  }

  @Test
  void theColumnsAreTheSame() throws SQLException {
    Set<String> columns =
        sqlite(
            "select t.name || '.' || c.name || case when c.\"notnull\" or c.pk then ' required'"
                + " else '' end || ' ' || lower(c.type) from sqlite_master t"
                + " join pragma_table_info(t.name) c where t.type = 'table'"
                + " and t.name not like 'sqlite_%' and t.name not like 'flyway_%'");

    assertThat(
            postgres(
                "select table_name || '.' || column_name || case is_nullable when 'NO' then"
                    + " ' required' else '' end || ' ' || data_type"
                    + " from information_schema.columns where table_schema = current_schema()"
                    + " and table_name <> 'store' and table_name not like 'flyway_%'"))
        .isEqualTo(columns)
        .contains("flow_run.lease_owner text", "log.message required text");
  }

  @Test
  void theIndexesAreTheSame() throws SQLException {
    Set<String> indexes =
        sqlite(
            "select i.tbl_name || ' ' || i.name || ' (' || (select group_concat(c.name, ', ')"
                + " from (select name from pragma_index_info(i.name) order by seqno) c) || ')'"
                + " from sqlite_master i where i.type = 'index' and i.name not like 'sqlite_%'"
                + " and i.name not like 'flyway_%'");

    assertThat(
            postgres(
                "select tablename || ' ' || indexname || ' ' || substring(indexdef from"
                    + " '\\([^)]*\\)') from pg_indexes where schemaname = current_schema()"
                    + " and indexname like '%!_by!_%' escape '!'"
                    + " and tablename not like 'flyway_%'"))
        .isEqualTo(indexes)
        .contains("log log_by_run (flow_run_id, sequence)");
  }
}
