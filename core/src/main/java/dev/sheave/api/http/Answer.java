package dev.sheave.api.http;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.internal.RecordCodec;
import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A server's answer to a call that succeeded.
 *
 * @param server which sent it, for messages
 * @param status the HTTP status
 * @param json its body; null if it has none
 */
record Answer(String server, int status, @Nullable Object json) {

  /** Whether what was to be found or created was created. */
  boolean isNew() {
    return status == 201;
  }

  <T> T record(RecordCodec<T> codec) {
    return understood(codec::fromJson, json);
  }

  <T> List<T> records(RecordCodec<T> codec) {
    List<T> records = new ArrayList<>();
    list().forEach(each -> records.add(understood(codec::fromJson, each)));
    return Collections.unmodifiableList(records);
  }

  int number() {
    if (json instanceof Integer number) {
      return number;
    }
    throw notUnderstood("it must be a number");
  }

  List<? extends @Nullable Object> list() {
    if (json instanceof List<?> list) {
      return list;
    }
    throw notUnderstood("it must be a list");
  }

  Map<String, @Nullable Object> object() {
    if (json instanceof Map<?, ?> map) {
      return Json.asObject(map);
    }
    throw notUnderstood("it must be an object");
  }

  /** A sentence, if there is one. */
  Optional<String> reason() {
    return Optional.ofNullable(object().get("reason")).map(String::valueOf);
  }

  List<String> texts() {
    return list().stream().map(String::valueOf).toList();
  }

  /** What isn't valid in an answer isn't the caller's fault. */
  private <T> T understood(Function<@Nullable Object, T> reading, @Nullable Object value) {
    try {
      return reading.apply(value);
    } catch (SheaveException e) {
      throw notUnderstood(e.getMessage());
    }
  }

  private SheaveException notUnderstood(String why) {
    return new SheaveException(
        Code.INTERNAL,
        "The answer of the server at "
            + server
            + " can't be understood: "
            + why.replaceFirst("\\.$", "")
            + ".");
  }
}
