package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.server.ServedStore.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A record of each kind, so that routes find what they are about.
 *
 * @param suffix what their names end with
 * @param ids their ids, by the first part of their routes' paths
 */
record SampleRecords(String suffix, Map<String, String> ids) {

  /** Makes them in an empty store with the block types of the class path. */
  static SampleRecords in(ServedStore store) {
    return in(store, "");
  }

  /** Makes them in a store without records whose names have this suffix. */
  static SampleRecords in(ServedStore store, String suffix) {
    SampleRecords all = new SampleRecords(suffix, new HashMap<>());
    all.make(store, "flows", Map.of("name", all.named("f")));
    all.make(store, "deployments", Map.of("name", all.named("d"), "flow_id", all.id("flows")));
    all.make(store, "flow_runs", Map.of("flow_id", all.id("flows")));
    all.make(
        store,
        "task_runs",
        Map.of("flow_run_id", all.id("flow_runs"), "task_key", "t", "dynamic_key", "0"));
    all.make(store, "block_types", Map.of("name", all.named("Mine"), "slug", all.named("mine")));
    String secret = store.get("/block_types/slug/secret").text("id");
    Answer schemas =
        store.post(
            "/block_schemas/filter",
            Map.of("block_schemas", Map.of("block_type_id", Map.of("any_", List.of(secret)))));
    all.ids.put("block_schemas", String.valueOf(Answer.first(schemas.body()).get("id")));
    all.make(
        store,
        "block_documents",
        Map.of(
            "name", all.named("s"), "block_schema_id", all.id("block_schemas"), "data", Map.of()));
    all.make(store, "work_queues", Map.of("name", all.named("q")));
    all.make(store, "work_pools", Map.of("name", all.named("p")));
    all.make(store, "work_pools/" + all.named("p") + "/queues", Map.of("name", all.named("q2")));
    all.make(store, "variables", Map.of("name", all.named("v"), "value", "1"));
    all.make(store, "artifacts", Map.of("key", all.named("k")));
    all.make(
        store,
        "flow_run_notification_policies",
        Map.of(
            "is_active",
            true,
            "state_names",
            List.of(),
            "tags",
            List.of(),
            "block_document_id",
            all.id("block_documents")));
    all.make(store, "concurrency_limits", Map.of("tag", all.named("t"), "concurrency_limit", 1));
    for (String kind : List.of("flow_run", "task_run")) {
      String state = store.get("/" + kind + "s/" + all.id(kind + "s")).text("state_id");
      all.ids.put(kind + "_states", state);
    }
    return all;
  }

  private void make(ServedStore store, String kind, Map<String, Object> values) {
    Answer answer = store.post("/" + kind + (kind.contains("/") ? "" : "/"), values);
    assertThat(answer.status()).as(kind + " " + answer.body()).isEqualTo(201);
    ids.put(kind, answer.text("id"));
  }

  private String named(String name) {
    return name + suffix;
  }

  String id(String kind) {
    return ids.getOrDefault(kind, "");
  }

  /** The values of a path's variables. */
  Map<String, String> variables(Route route) {
    String kind = route.parts().get(0);
    String name =
        route.path().contains("/queues/{")
            ? "q2"
            : switch (kind) {
              case "variables" -> "v";
              case "flows" -> "f";
              case "work_queues" -> "q";
              case "block_types" -> "s";
              default -> "p";
            };
    return Map.of(
        "id",
        id(kind),
        "pool",
        named("p"),
        "tag",
        named("t"),
        "name",
        named(name),
        "key",
        named("k"),
        "slug",
        "secret",
        "flow",
        named("f"),
        "deployment",
        named("d"),
        "view",
        "aggregate-block-metadata");
  }

  /** The path of a route to one of them. */
  String path(Route route) {
    String path = route.path();
    for (Map.Entry<String, String> variable : variables(route).entrySet()) {
      path = path.replace("{" + variable.getKey() + "}", variable.getValue());
    }
    return path;
  }
}
