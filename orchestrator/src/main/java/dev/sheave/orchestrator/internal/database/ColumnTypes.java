package dev.sheave.orchestrator.internal.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jspecify.annotations.Nullable;

/** How texts, ids and times stand in columns: ids as text, times as microseconds. */
final class ColumnTypes {

  /** Stands for NUL; Unicode has it for a program's own use, but texts may hold it. */
  private static final char NUL = '\uFDD0';

  /** Stands before each of these two characters that is in a text itself. */
  private static final char ESCAPE = '\uFDD1';

  private ColumnTypes() {}

  /** Returns a text as it stands in a column: PostgreSQL's can't have NUL in texts. */
  static String withoutNul(String text) {
    if (text.indexOf('\0') < 0 && !hasOwn(text)) {
      return text;
    }
    StringBuilder column = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each == NUL || each == ESCAPE) {
        column.append(ESCAPE);
      }
      column.append(each == '\0' ? NUL : each);
    }
    return column.toString();
  }

  /** Returns the text that a column stands for. */
  static String withNul(String column) {
    if (!hasOwn(column)) {
      return column;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < column.length(); i++) {
      char each = column.charAt(i);
      if (each == ESCAPE && i + 1 < column.length()) {
        text.append(column.charAt(++i));
      } else {
        text.append(each == NUL ? '\0' : each);
      }
    }
    return text.toString();
  }

  private static boolean hasOwn(String text) {
    return text.indexOf(NUL) >= 0 || text.indexOf(ESCAPE) >= 0;
  }

  /** Returns a value as it stands in a column: a text, a number, a boolean, or null. */
  static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof String text) {
      return withoutNul(text);
    }
    if (value instanceof UUID id) {
      return id.toString();
    }
    return value instanceof Instant time ? (Object) Times.toMicros(time) : value;
  }

  /** Sets a value of a statement. */
  static void set(PreparedStatement statement, int place, @Nullable Object value)
      throws SQLException {
    statement.setObject(place, plain(value));
  }

  static void register(Jdbi jdbi) {
    jdbi.registerArgument(
        new AbstractArgumentFactory<String>(Types.VARCHAR) {
          @Override
          protected Argument build(String value, ConfigRegistry config) {
            return (position, statement, context) -> set(statement, position, value);
          }
        });
    jdbi.registerArgument(
        new AbstractArgumentFactory<UUID>(Types.VARCHAR) {
          @Override
          protected Argument build(UUID value, ConfigRegistry config) {
            return (position, statement, context) -> set(statement, position, value);
          }
        });
    jdbi.registerArgument(
        new AbstractArgumentFactory<Instant>(Types.BIGINT) {
          @Override
          protected Argument build(Instant value, ConfigRegistry config) {
            return (position, statement, context) -> set(statement, position, value);
          }
        });
  }
}
