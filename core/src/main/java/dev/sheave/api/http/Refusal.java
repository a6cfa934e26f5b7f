package dev.sheave.api.http;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.SheaveException.Problem;
import dev.sheave.block.Secret;
import dev.sheave.internal.ApiUrl;
import dev.sheave.internal.Json;
import dev.sheave.storage.net.Proxies;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Translates a server's refusal into an exception with one sentence. */
final class Refusal {
  /** Sheave's server says the code of its exception, and its sentence in the body. */
  private static final String CODE_HEADER = "X-Sheave-Code";

  /** What the reference says of a path that it doesn't have; of a record it says more. */
  private static final String NO_ROUTE = "Not Found";

  /** What the reference says of a record that is missing, or there already. */
  private static final String INTEGRITY = "Data integrity conflict";

  private static final int LONGEST_DETAIL = 2000;

  private final String server;
  private final Call call;
  private final int status;
  private final @Nullable Secret key;

  private Refusal(String server, Call call, int status, @Nullable Secret key) {
    this.server = server;
    this.call = call;
    this.status = status;
    this.key = key;
  }

  static SheaveException of(
      String server, @Nullable Secret key, Call call, HttpResponse<ResponseBody> response) {
    Refusal refusal = new Refusal(server, call, response.statusCode(), key);
    return refusal.translated(response, response.body().text(response, server));
  }

  /** Says that an answer is a web page, or anything else but JSON. */
  static SheaveException notJson(String server) {
    return new SheaveException(Code.INVALID, notJsonSentence(server));
  }

  private static String notJsonSentence(String server) {
    return "What answers at "
        + server
        + " isn't an API server, or a proxy on the way answers in its place, since the answer isn't"
        + " JSON: check SHEAVE_API_URL, which usually ends with /api.";
  }

  private SheaveException translated(HttpResponse<ResponseBody> response, String text) {
    Optional<SheaveException> proxys =
        Proxies.ofProcess().failure(server, URI.create(server), status, null);
    if (proxys.isPresent()) {
      return proxys.get();
    }
    if (status / 100 == 3) {
      return new SheaveException(
          Code.INVALID,
          "The server at "
              + server
              + " sends clients elsewhere ("
              + ApiUrl.withoutCredentials(response.headers().firstValue("Location").orElse("?"))
              + "): set SHEAVE_API_URL to where the API is.");
    }
    Map<String, @Nullable Object> body = body(text);
    Object detail =
        Stream.of("detail", "exception_detail", "exception_message")
            .map(body::get)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    List<Problem> problems = detail instanceof List<?> list ? problems(list) : List.of();
    String said =
        withoutKey(
            detail instanceof String sentence
                ? sentence
                : problems.stream().map(Refusal::described).collect(Collectors.joining("; ")));
    Optional<Code> code =
        response
            .headers()
            .firstValue(CODE_HEADER)
            .flatMap(
                name -> Arrays.stream(Code.values()).filter(c -> c.name().equals(name)).findAny());
    if (code.isPresent() && !said.isEmpty()) {
      String sentence = body.get("exception_message") instanceof String whole ? whole : said;
      return new SheaveException(code.get(), withoutKey(sentence), problems, null);
    }
    return foreign(said, problems, detail == null);
  }

  /** A refusal by the reference, or by something on the way to the server. */
  private SheaveException foreign(String said, List<Problem> problems, boolean isPage) {
    String because = said.isEmpty() ? "." : ": " + said.replaceFirst("\\.$", "") + ".";
    return switch (status) {
      case 401 ->
          error(
              Code.PERMISSION_DENIED,
              key == null
                  ? "The server at " + server + " wants an API key: set SHEAVE_API_KEY."
                  : "The server at "
                      + server
                      + " refuses the API key: set SHEAVE_API_KEY to a valid one.");
      case 403 ->
          error(Code.PERMISSION_DENIED, "The server at " + server + " forbids it" + because);
      case 404 ->
          isPage || said.equals(NO_ROUTE)
              ? error(
                  isPage ? Code.INVALID : Code.UNSUPPORTED,
                  isPage
                      ? notJsonSentence(server)
                      : "The server at "
                          + server
                          + " doesn't have the operation "
                          + call.method()
                          + " "
                          + call.path().replaceFirst("\\?.*", "")
                          + ": check that SHEAVE_API_URL names its API, which usually ends with /api.")
              : error(
                  Code.NOT_FOUND,
                  call.what() + " doesn't exist" + (call.method().equals("POST") ? because : "."));
      case 405 ->
          error(
              isPage ? Code.INVALID : Code.UNSUPPORTED,
              isPage
                  ? notJsonSentence(server)
                  : "The server at " + server + " doesn't have this operation" + because);
      case 409 ->
          said.startsWith(INTEGRITY)
              ? ofDatabase(because)
              : error(call.conflict(), "The server at " + server + " refuses " + named() + because);
      case 413 -> error(Code.INVALID, "The request is too large for the server at " + server + ".");
      case 400, 422 ->
          isPage
              ? error(Code.INVALID, notJsonSentence(server))
              : new SheaveException(
                  Code.INVALID,
                  "The server at " + server + " takes the request for invalid" + because,
                  problems,
                  null);
      case 408, 429, 502, 503, 504 ->
          error(
              Code.UNAVAILABLE,
              "The server at "
                  + server
                  + (isPage ? ", or a proxy before it," : "")
                  + " is busy or away (status "
                  + status
                  + "): try again later.");
      default ->
          error(
              Code.INTERNAL,
              "The server at "
                  + server
                  + " failed (status "
                  + status
                  + ")"
                  + because.replaceFirst("\\.$", "")
                  + "; its log says more.");
    };
  }

  private SheaveException ofDatabase(String because) {
    return error(
        call.integrity(),
        switch (call.integrity()) {
          case NOT_FOUND -> call.what() + " doesn't exist.";
          case ALREADY_EXISTS -> "The name " + named() + " is taken.";
          default -> "The server at " + server + " refuses " + named() + because;
        });
  }

  private String named() {
    return call.body() instanceof Map<?, ?> map && map.get("name") instanceof String name
        ? "'" + name + "'"
        : "it";
  }

  private static SheaveException error(Code code, String message) {
    return new SheaveException(code, message);
  }

  /** Returns an empty object if it isn't an error of the protocol but a page, or nothing. */
  private static Map<String, @Nullable Object> body(String text) {
    try {
      return Json.parse(text, "It") instanceof Map<?, ?> map ? Json.asObject(map) : Map.of();
    } catch (SheaveException | StackOverflowError e) {
      return Map.of();
    }
  }

  private List<Problem> problems(List<?> list) {
    List<Problem> problems = new ArrayList<>();
    for (Object each : list) {
      if (each instanceof Map<?, ?> map) {
        String message = withoutKey(String.valueOf(map.get("msg")));
        problems.add(new Problem(place(map.get("loc")), message));
      }
    }
    return problems;
  }

  /** {@code ["body", "state", "type"]} is {@code state.type}. */
  private static String place(@Nullable Object loc) {
    StringBuilder place = new StringBuilder();
    if (loc instanceof List<?> parts) {
      for (Object part : parts.subList(Math.min(parts.size(), 1), parts.size())) {
        if (part instanceof Number) {
          place.append('[').append(part).append(']');
        } else {
          place.append(place.isEmpty() ? "" : ".").append(part);
        }
      }
    }
    return place.toString();
  }

  private static String described(Problem problem) {
    return problem.path().isEmpty()
        ? problem.message()
        : "'" + problem.path() + "': " + problem.message();
  }

  /** A server that repeats what it got must not make the key public. */
  private String withoutKey(String text) {
    String shown = key == null ? text : text.replace(key.reveal(), Secret.MASK);
    String line = shown.strip().replaceAll("\\s+", " ");
    return line.length() > LONGEST_DETAIL ? line.substring(0, LONGEST_DETAIL) + "…" : line;
  }
}
