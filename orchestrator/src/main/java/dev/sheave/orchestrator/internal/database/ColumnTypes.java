package dev.sheave.orchestrator.internal.database;

import java.sql.Types;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;

/** How ids and times stand in columns: as text, and as microseconds. */
final class ColumnTypes {

  /** Stands for NUL; Unicode has it for a program's own use, never for texts. */
  private static final char NUL = '\uFDD0';

  private ColumnTypes() {}

  /** Returns a text as a database has it that can't have NUL in texts. */
  static String withoutNul(String text) {
    return text.replace('\0', NUL);
  }

  /** Returns a text from a column. */
  static String withNul(String text) {
    return text.replace(NUL, '\0');
  }

  static void register(Jdbi jdbi) {
    jdbi.registerArgument(
        new AbstractArgumentFactory<UUID>(Types.VARCHAR) {
          @Override
          protected Argument build(UUID value, ConfigRegistry config) {
            return (position, statement, context) ->
                statement.setString(position, value.toString());
          }
        });
    jdbi.registerArgument(
        new AbstractArgumentFactory<Instant>(Types.BIGINT) {
          @Override
          protected Argument build(Instant value, ConfigRegistry config) {
            return (position, statement, context) ->
                statement.setLong(position, Times.toMicros(value));
          }
        });
  }
}
