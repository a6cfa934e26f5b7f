package dev.sheave.orchestrator.internal.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SqliteMigrationsTest {

  /** What tells an old database from a current one without the migration library must be right. */
  @Test
  void theVersionOfTheTablesIsThatOfTheNewestMigration() throws IOException, URISyntaxException {
    URL first =
        Objects.requireNonNull(
            SqliteMigrations.class.getResource("/dev/sheave/orchestrator/sqlite/V1__records.sql"));
    Path newest;
    try (Stream<Path> scripts = Files.list(Path.of(first.toURI()).getParent())) {
      newest = scripts.max(java.util.Comparator.naturalOrder()).orElseThrow();
    }

    assertThat(newest.getFileName().toString()).startsWith("V" + SqliteFile.SCHEMA_VERSION + "__");
    assertThat(newest)
        .content()
        .contains("pragma user_version = " + SqliteFile.SCHEMA_VERSION + ";");
  }
}
