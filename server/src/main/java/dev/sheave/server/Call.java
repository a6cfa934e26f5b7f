package dev.sheave.server;

import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.internal.FilterJson;
import dev.sheave.api.internal.RecordCodec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call of a route: the variables of its path, its query and its body. What is wrong with a value
 * ends the call with a {@link RequestException}. Used by one thread.
 */
final class Call {
  private static final Set<String> YES = Set.of("true", "1", "yes", "on", "t", "y");
  private static final Set<String> NO = Set.of("false", "0", "no", "off", "f", "n");

  private final Caller caller;
  private final Map<String, String> variables;
  private final Map<String, String> query;
  private final @Nullable Object body;

  Call(
      Caller caller,
      Map<String, String> variables,
      Map<String, String> query,
      @Nullable Object body) {
    this.caller = caller;
    this.variables = variables;
    this.query = query;
    this.body = body;
  }

  /** Who makes the call. */
  Caller caller() {
    return caller;
  }

  /**
   * Whether the secrets of blocks are to be told.
   *
   * @param isAsked whether they are asked for
   * @throws RequestException if they are, and the caller mayn't read them
   */
  boolean withSecrets(boolean isAsked) {
    if (isAsked) {
      Authentication.check(caller, Scope.RUN);
    }
    return isAsked;
  }

  /** A variable of the path. */
  String text(String name) {
    return Objects.requireNonNull(variables.get(name), name);
  }

  /** The variable {@code id}. */
  UUID id() {
    return Values.id("path", "id", text("id"));
  }

  /** A value of the query, or null. */
  @Nullable String queryText(String name) {
    return query.get(name);
  }

  /** An id in the query. */
  UUID queryId(String name) {
    String value = query.get(name);
    if (value == null) {
      throw Values.missing("query", name);
    }
    return Values.id("query", name, value);
  }

  /** A switch in the query; off if absent. */
  boolean queryFlag(String name) {
    String value = query.getOrDefault(name, "false").toLowerCase(Locale.ROOT);
    if (!YES.contains(value) && !NO.contains(value)) {
      throw Values.wrong(
          "query", name, "value could not be parsed to a boolean", "type_error.bool");
    }
    return YES.contains(value);
  }

  /** The body as a record. */
  <T> T body(RecordCodec<T> codec) {
    return codec.fromJson(fields().json());
  }

  /** The body, a list, as records. */
  <T> List<T> bodyList(RecordCodec<T> codec) {
    if (!(body instanceof List<?>)) {
      throw new RequestException(
          Reply.invalid(
              "The body must be a list.",
              List.of(
                  Values.detail(List.of("body"), "value is not a valid list", "type_error.list"))));
    }
    return codec.listFromJson(body);
  }

  /** The fields of the body, an object; none if there is no body. */
  Values fields() {
    return Values.of(body == null ? Map.of() : body);
  }

  /** What the body asks of related records. */
  RecordFilter filter() {
    return FilterJson.RECORDS.fromJson(fields().json());
  }

  /** The page that the body asks for: {@code limit}, {@code offset} and, as an addition, after. */
  <T> List<T> page(Function<Page, List<T>> listing) {
    return fields().page(Page.MAX_LIMIT, listing);
  }
}
