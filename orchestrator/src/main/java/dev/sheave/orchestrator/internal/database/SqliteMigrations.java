package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import dev.sheave.orchestrator.internal.secret.KeyRing;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the tables up to date. A class of its own, so that the migration library is loaded when
 * there is something to migrate and not otherwise.
 */
final class SqliteMigrations {
  private static final String LOCATION = "classpath:dev/sheave/orchestrator/sqlite";

  private SqliteMigrations() {}

  static void run(DataSource source, KeyRing keys) {
    try {
      Flyway.configure(SqliteMigrations.class.getClassLoader())
          .dataSource(source)
          .locations(LOCATION)
          .javaMigrations(new BindDocuments(keys))
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywayException e) {
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof SheaveException refusal) {
          throw refusal;
        }
      }
      throw new SheaveException(
          Code.INTERNAL, "The database couldn't be brought up to date: " + IoReason.of(e) + ".", e);
    }
  }
}
