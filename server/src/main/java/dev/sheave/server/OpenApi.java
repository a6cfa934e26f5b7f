package dev.sheave.server;

import dev.sheave.internal.Version;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Describes the table of routes as an OpenAPI document. */
final class OpenApi {
  private static final Set<String> WITH_BODY = Set.of("POST", "PATCH", "PUT");

  private OpenApi() {}

  /** Returns the document, a JSON object. Paths are those below {@code /api}. */
  static Map<String, Object> of(List<Route> routes) {
    Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
    for (Route route : routes) {
      paths
          .computeIfAbsent(route.path(), path -> new LinkedHashMap<>())
          .put(route.method().toLowerCase(Locale.ROOT), operation(route));
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
            "schemas", Map.of("Error", error())));
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

  private static Map<String, Object> operation(Route route) {
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("operationId", id(route));
    operation.put("tags", List.of(route.parts().get(0)));
    List<Object> parameters = new ArrayList<>();
    for (String part : route.parts()) {
      if (Route.isVariable(part)) {
        parameters.add(parameter(part.substring(1, part.length() - 1)));
      }
    }
    operation.put("parameters", parameters);
    if (WITH_BODY.contains(route.method())) {
      operation.put(
          "requestBody", Map.of("content", Map.of("application/json", Map.of("schema", Map.of()))));
    }
    Map<String, Object> responses = new LinkedHashMap<>();
    for (int status : new TreeSet<>(route.statuses())) {
      responses.put(String.valueOf(status), answer(status));
    }
    responses.put(
        "default",
        Map.of(
            "description",
            "What is wrong",
            "content",
            Map.of(
                "application/json",
                Map.of("schema", Map.of("$ref", "#/components/schemas/Error")))));
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

  private static Map<String, Object> answer(int status) {
    return status == Reply.NO_CONTENT
        ? Map.of("description", "Done")
        : Map.of(
            "description",
            status == Reply.CREATED ? "Made" : "The answer",
            "content",
            Map.of("application/json", Map.of("schema", Map.of())));
  }
}
