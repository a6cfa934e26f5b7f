package dev.sheave.orchestrator.internal.database;

import dev.sheave.internal.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of a result, its columns as what they mean.
 *
 * @param columns the row
 */
public record Row(ResultSet columns) {

  /** A string that is never null. */
  public String text(String column) throws SQLException {
    return Objects.requireNonNull(textOrNull(column), column);
  }

  /** A string. */
  public @Nullable String textOrNull(String column) throws SQLException {
    String text = columns.getString(column);
    return text == null ? null : ColumnTypes.withNul(text);
  }

  /** Bytes that are never null. */
  public byte[] bytes(String column) throws SQLException {
    return Objects.requireNonNull(columns.getBytes(column), column);
  }

  /** An id that is never null. */
  public UUID id(String column) throws SQLException {
    return UUID.fromString(text(column));
  }

  /** An id. */
  public @Nullable UUID idOrNull(String column) throws SQLException {
    String text = columns.getString(column);
    return text == null ? null : UUID.fromString(text);
  }

  /** A time that is never null. */
  public Instant time(String column) throws SQLException {
    return Times.ofMicros(columns.getLong(column));
  }

  /** A time. */
  public @Nullable Instant timeOrNull(String column) throws SQLException {
    long micros = columns.getLong(column);
    return columns.wasNull() ? null : Times.ofMicros(micros);
  }

  /** A duration. */
  public Duration duration(String column) throws SQLException {
    return Duration.of(columns.getLong(column), ChronoUnit.MICROS);
  }

  /** A number. */
  public int number(String column) throws SQLException {
    return columns.getInt(column);
  }

  /** A number, or none. */
  public @Nullable Integer numberOrNull(String column) throws SQLException {
    int number = columns.getInt(column);
    return columns.wasNull() ? null : number;
  }

  /** Whether something is so. */
  public boolean flag(String column) throws SQLException {
    return columns.getBoolean(column);
  }

  /** A JSON object. */
  public Map<String, @Nullable Object> object(String column) throws SQLException {
    return Json.parseObject(text(column), column);
  }

  /** A JSON object, or none. */
  public @Nullable Map<String, @Nullable Object> objectOrNull(String column) throws SQLException {
    String text = textOrNull(column);
    return text == null ? null : Json.parseObject(text, column);
  }

  /** A JSON list of strings. */
  public List<String> texts(String column) throws SQLException {
    List<String> texts = new ArrayList<>();
    if (Json.parse(text(column), column) instanceof List<?> list) {
      list.forEach(each -> texts.add(String.valueOf(each)));
    }
    return List.copyOf(texts);
  }
}
