package dev.sheave.server;

import dev.sheave.internal.Version;
import dev.sheave.server.internal.PathPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** Describes the table of routes as an OpenAPI document. */
final class OpenApi {
  private OpenApi() {}

  /** Returns the document, a JSON object. Paths are those below {@code /api}. */
  static Map<String, Object> of(List<Route> routes) {
    Map<String, @Nullable Object> schemas = new LinkedHashMap<>();
    schemas.put("Error", error());
    Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
    for (Route route : routes) {
      paths
          .computeIfAbsent(route.path(), path -> new LinkedHashMap<>())
          .put(route.method().toLowerCase(Locale.ROOT), operation(route, schemas));
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.0.3");
    document.put("info", Map.of("title", "Sheave", "version", Version.current()));
    document.put("servers", List.of(Map.of("url", ".")));
    document.put("paths", paths);
    document.put(
        "components",
        Map.of(
            "securitySchemes", Map.of("key", Map.of("type", "http", "scheme", "bearer")),
            "schemas", schemas,
            "responses", errors()));
    return document;
  }

  private static Map<String, Object> error() {
    Map<String, Object> problem =
        Map.of(
            "type", "object",
            "required", List.of("loc", "msg", "type"),
            "properties",
                Map.of(
                    "loc", Map.of("type", "array", "items", Map.of()),
                    "msg", Map.of("type", "string"),
                    "type", Map.of("type", "string")));
    Map<String, Object> detail =
        Map.of(
            "oneOf", List.of(Map.of("type", "string"), Map.of("type", "array", "items", problem)));
    return Map.of(
        "type", "object",
        "required", List.of("detail"),
        "properties", Map.of("detail", detail, "exception_message", Map.of("type", "string")));
  }

  /** What is wrong, by status, with an example. */
  private static final Map<Integer, String> ERRORS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(400, "The header X-PREFECT-API-VERSION must be a version such as 0.8.4."),
              Map.entry(401, "The server wants an API key: send one as 'Authorization: Bearer …'."),
              Map.entry(403, "The API key 'laptop' has the scope read, and this needs run."),
              Map.entry(404, "Flow not found"),
              Map.entry(405, "The method GET isn't for /api/saved_searches/, which has PUT."),
              Map.entry(409, "The variable 'region' exists already."),
              Map.entry(413, "The body is larger than 8 MiB; send less at once."),
              Map.entry(415, "The body is compressed as 'br'; use gzip, or none."),
              Map.entry(422, "'limit' of the body isn't valid: value is not a valid integer."),
              Map.entry(429, "The API key 'laptop' may make 200 requests a second; wait a second."),
              Map.entry(503, "The database doesn't respond.")));

  private static Map<String, Object> errors() {
    Map<String, Object> errors = new LinkedHashMap<>();
    ERRORS.forEach(
        (status, sentence) ->
            errors.put(
                "Error" + status,
                Map.of(
                    "description",
                    HttpStatus.getMessage(status),
                    "content",
                    Map.of(
                        "application/json",
                        Map.of(
                            "schema",
                            Map.of("$ref", "#/components/schemas/Error"),
                            "example",
                            Map.of("detail", sentence))))));
    return errors;
  }

  /** Whether a route may answer with an error. */
  private static boolean mayFail(Route route, int status) {
    return switch (status) {
      case 404 -> route.path().contains("{") || route.scope() != Scope.NONE;
      // without the text of its last variable it is another path
      case 405 -> route.path().endsWith("}");
      case 409 -> route.scope().compareTo(Scope.RUN) >= 0;
      default -> true;
    };
  }

  private static Map<String, Object> operation(Route route, Map<String, @Nullable Object> schemas) {
    Exchange exchange = Exchanges.of(route);
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("operationId", id(route));
    operation.put("tags", List.of(route.parts().get(0)));
    List<Object> parameters = new ArrayList<>();
    for (String part : route.parts()) {
      if (PathPattern.isVariable(part)) {
        parameters.add(parameter(part.substring(1, part.length() - 1)));
      }
    }
    exchange
        .query()
        .forEach(
            (name, schema) ->
                parameters.add(
                    Map.of(
                        "name",
                        name.replace("!", ""),
                        "in",
                        "query",
                        "required",
                        name.endsWith("!"),
                        "schema",
                        schema.in(schemas))));
    operation.put("parameters", parameters);
    Schema takes = exchange.takes();
    if (takes != null) {
      operation.put("requestBody", Map.of("required", true, "content", json(takes.in(schemas))));
    }
    Map<String, Object> responses = new LinkedHashMap<>();
    for (int status : new TreeSet<>(route.statuses())) {
      responses.put(String.valueOf(status), answer(status, exchange.gives(), schemas));
    }
    for (int status : ERRORS.keySet()) {
      if (mayFail(route, status)) {
        responses.put(
            String.valueOf(status), Map.of("$ref", "#/components/responses/Error" + status));
      }
    }
    operation.put("responses", responses);
    String scope = route.scope().name().toLowerCase(Locale.ROOT);
    operation.put("x-sheave-scope", scope);
    operation.put(
        "security", route.scope() == Scope.NONE ? List.of() : List.of(Map.of("key", List.of())));
    return operation;
  }

  private static String id(Route route) {
    return (route.method() + route.path())
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9_]+", "_")
        .replaceFirst("_$", "");
  }

  private static Map<String, Object> parameter(String name) {
    Map<String, Object> schema =
        name.equals("id")
            ? Map.of("type", "string", "format", "uuid")
            : Map.of("type", "string", "minLength", 1);
    return Map.of("name", name, "in", "path", "required", true, "schema", schema);
  }

  private static Map<String, Object> answer(
      int status, @Nullable Schema gives, Map<String, @Nullable Object> schemas) {
    return gives == null
        ? Map.of("description", "Done")
        : Map.of(
            "description",
            status == Reply.CREATED ? "Made" : "The answer",
            "content",
            json(gives.in(schemas)));
  }

  private static Map<String, Object> json(Map<String, @Nullable Object> schema) {
    return Map.of("application/json", Map.of("schema", schema));
  }
}
