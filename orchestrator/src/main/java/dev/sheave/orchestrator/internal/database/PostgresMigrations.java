package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the tables up to date. A class of its own, so that the migration library is loaded when
 * there is something to migrate and not otherwise.
 */
final class PostgresMigrations {
  private static final String LOCATION = "classpath:dev/sheave/orchestrator/postgresql";

  private PostgresMigrations() {}

  static void run(DataSource source) {
    try {
      Flyway.configure(PostgresMigrations.class.getClassLoader())
          .dataSource(source)
          .locations(LOCATION)
          .baselineOnMigrate(true) // the database may have other tables
          .baselineVersion("0")
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new SheaveException(
          Code.INTERNAL, "The database couldn't be brought up to date: " + IoReason.of(e) + ".", e);
    }
  }
}
