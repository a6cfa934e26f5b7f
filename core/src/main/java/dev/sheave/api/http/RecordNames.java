package dev.sheave.api.http;

import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The names of the records that others belong to, which never change. Sheave's server sends them
 * with the others; the reference's is asked for them. Safe for use by several threads.
 */
final class RecordNames {
  private final ServerConnection server;
  private final String idField;
  private final String nameField;
  private final String kind;
  private final Map<String, String> known = new ConcurrentHashMap<>();

  private RecordNames(ServerConnection server, String idField, String nameField, String kind) {
    this.server = server;
    this.idField = idField;
    this.nameField = nameField;
    this.kind = kind;
  }

  static RecordNames ofFlows(ServerConnection server) {
    return new RecordNames(server, "flow_id", "flow_name", "flows");
  }

  static RecordNames ofWorkPools(ServerConnection server) {
    return new RecordNames(server, "work_pool_id", "work_pool_name", "work_pools");
  }

  /** Adds the names to a record, or a list of records, that lacks them. */
  Answer in(Answer answer) {
    List<?> records = answer.json() instanceof List<?> list ? list : List.of(answer.object());
    Set<String> missing = new LinkedHashSet<>();
    for (Object each : records) {
      if (lacksName(each) instanceof String id && !known.containsKey(id)) {
        missing.add(id);
      }
    }
    if (!missing.isEmpty()) {
      ask(missing);
    }
    List<@Nullable Object> named = new ArrayList<>(records.size());
    for (Object each : records) {
      named.add(lacksName(each) instanceof String id ? withName((Map<?, ?>) each, id) : each);
    }
    Object json = answer.json() instanceof List<?> ? named : named.get(0);
    return new Answer(answer.server(), answer.status(), json);
  }

  private @Nullable Object lacksName(@Nullable Object json) {
    return json instanceof Map<?, ?> map && map.get(nameField) == null ? map.get(idField) : null;
  }

  private Map<String, @Nullable Object> withName(Map<?, ?> json, String id) {
    Map<String, @Nullable Object> named = new LinkedHashMap<>(Json.asObject(json));
    named.put(nameField, known.getOrDefault(id, ""));
    return named;
  }

  private void ask(Set<String> ids) {
    Map<String, Object> body =
        Json.object(kind, ServerFeatures.anyOf("id", ids.toArray()), "limit", ids.size());
    for (Object each : server.send(Call.query("/" + kind + "/filter", body)).list()) {
      if (each instanceof Map<?, ?> map
          && map.get("id") instanceof String id
          && map.get("name") instanceof String name) {
        known.put(id, name);
      }
    }
  }
}
