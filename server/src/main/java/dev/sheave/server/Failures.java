package dev.sheave.server;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers to what went wrong. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** Sheave's client takes the code of an exception from here; several share a status. */
  private static final String CODE_HEADER = "X-Sheave-Code";

  /** Returns the answer to an exception of the records' API. */
  static Reply of(SheaveException error) {
    return withCode(withoutCode(error), error);
  }

  /** Returns the answer with another status than the exception's usual one. */
  static Reply of(int status, SheaveException error) {
    return withCode(Reply.error(status, error.getMessage()), error);
  }

  private static Reply withCode(Reply reply, SheaveException error) {
    return reply.withHeaders(Map.of(CODE_HEADER, error.code().name()));
  }

  private static Reply withoutCode(SheaveException error) {
    return switch (error.code()) {
      case NOT_FOUND -> Reply.error(404, error.getMessage());
      case ALREADY_EXISTS, CONFLICT, OUT_OF_REACH -> Reply.error(409, error.getMessage());
      case PERMISSION_DENIED -> Reply.error(403, error.getMessage());
      case INVALID ->
          Reply.invalid(error.getMessage(), error.problems().stream().map(Failures::of).toList());
      case UNSUPPORTED -> Reply.error(501, error.getMessage());
      case UNAVAILABLE, INTERRUPTED ->
          new Reply(503, Map.of("detail", error.getMessage()), Map.of("Retry-After", "1"));
      case INTERNAL -> {
        LOG.error("A request failed: {}", error.getMessage(), error);
        yield Reply.error(500, error.getMessage());
      }
    };
  }

  /**
   * Returns the answer to a defect, which only the log tells.
   *
   * @param id the request's, by which it is found there
   */
  static Reply ofDefect(Throwable error, String id) {
    LOG.error("A request failed unexpectedly ({}).", id, error);
    return Reply.error(
        500, "The server made an error; its log has the details under '" + id + "'.");
  }

  private static Map<String, Object> of(Problem problem) {
    String message = problem.message();
    return Values.detail(
        location(problem.path()),
        message.contains(" is missing; ") ? "field required" : message,
        typeOf(message));
  }

  /** {@code a.b[0].c} as {@code body, a, b, 0, c}. */
  private static List<Object> location(String path) {
    List<Object> location = new ArrayList<>(List.of("body"));
    for (String part : path.split("[.\\[\\]]+")) {
      if (part.matches("\\d{1,9}")) {
        location.add(Integer.valueOf(part));
      } else if (!part.isEmpty()) {
        location.add(part);
      }
    }
    return location;
  }

  /** The reference's name for a kind of problem. */
  private static String typeOf(String message) {
    Map<String, String> types =
        Map.of(
            " is missing; ", "value_error.missing",
            "must be a UUID", "type_error.uuid",
            "must be a string", "type_error.str",
            "must be a whole number", "type_error.integer",
            "must be true or false", "type_error.bool",
            "must be a list", "type_error.list",
            "must be an object", "type_error.dict",
            "must be a time", "value_error.datetime",
            "must be one of", "type_error.enum",
            "isn't known here", "value_error.extra");
    return types.entrySet().stream()
        .filter(type -> message.contains(type.getKey()))
        // what is missing has a kind, too
        .max(Comparator.comparing(type -> type.getKey().startsWith(" is")))
        .map(Map.Entry::getValue)
        .orElse("value_error");
  }
}
