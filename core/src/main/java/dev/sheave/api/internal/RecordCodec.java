package dev.sheave.api.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.SheaveException.Problem;
import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a kind of record as a JSON object, and reads it. Both directions of a kind stand side by
 * side. (Data binding would take an eighth of a short command's time.) Immutable.
 *
 * @param <T> the kind of record
 */
public final class RecordCodec<T> {
  private final String what;
  private final BiConsumer<T, FieldWriter> writing;
  private final Function<FieldReader, T> reading;

  /**
   * A codec.
   *
   * @param what names the kind in messages, such as {@code flow run}
   */
  RecordCodec(String what, BiConsumer<T, FieldWriter> writing, Function<FieldReader, T> reading) {
    this.what = what;
    this.writing = writing;
    this.reading = reading;
  }

  /**
   * This codec, which refuses fields that this version doesn't know. So filters are read: one that
   * is ignored would match more than is asked for.
   */
  RecordCodec<T> strict() {
    return new RecordCodec<>(
        what,
        writing,
        json -> {
          T record = reading.apply(json);
          json.refuseOthers();
          return record;
        });
  }

  /** Returns a record as a JSON object. */
  public Map<String, @Nullable Object> toJson(T record) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    writing.accept(record, new FieldWriter(json));
    return json;
  }

  /** Returns records as a JSON list. */
  public List<Map<String, @Nullable Object>> toJson(Collection<T> records) {
    List<Map<String, @Nullable Object>> list = new ArrayList<>(records.size());
    records.forEach(record -> list.add(toJson(record)));
    return list;
  }

  /**
   * Reads a record. Fields that this version doesn't know are ignored, but for those of filters.
   *
   * @throws SheaveException {@code INVALID}, with all problems, if it isn't such a record
   */
  public T fromJson(@Nullable Object json) {
    List<Problem> problems = new ArrayList<>();
    T record = null;
    try {
      record = read(json, "", problems);
    } catch (FieldReader.Unreadable e) {
      // the problem is in the list
    } catch (SheaveException e) {
      if (problems.isEmpty()) {
        throw e;
      }
    }
    if (record == null || !problems.isEmpty()) {
      throw new SheaveException(
          Code.INVALID,
          "The "
              + what
              + " isn't valid: "
              + problems.stream().map(Problem::message).collect(Collectors.joining("; "))
              + ".",
          problems,
          null);
    }
    return record;
  }

  /** Reads a list of records. */
  public List<T> listFromJson(@Nullable Object json) {
    if (!(json instanceof List<?> list)) {
      throw new SheaveException(Code.INVALID, "The records must be a list.");
    }
    List<T> records = new ArrayList<>(list.size());
    list.forEach(each -> records.add(fromJson(each)));
    return records;
  }

  /**
   * Reads a record that is part of another.
   *
   * @param path where it is, ending with a dot; empty for the outermost
   */
  T read(@Nullable Object json, String path, List<Problem> problems) {
    if (!(json instanceof Map<?, ?> map)) {
      problems.add(FieldReader.ofWhole(path, "must be an object"));
      throw new FieldReader.Unreadable();
    }
    return read(new FieldReader(Json.asObject(map), path, problems));
  }

  /** Reads a record from its fields. */
  T read(FieldReader json) {
    return reading.apply(json);
  }

  /** Returns the JSON schema of what is read, as OpenAPI 3.0 writes one. */
  public Map<String, @Nullable Object> schema() {
    ShapeReader shape = new ShapeReader();
    read(shape);
    return shape.schema();
  }

  /** Returns the JSON schema of what is written: what is read, and what only others read. */
  public Map<String, @Nullable Object> writtenSchema() {
    ShapeReader shape = new ShapeReader();
    toJson(read(shape)).forEach(shape::noteWritten);
    return shape.schema();
  }
}
