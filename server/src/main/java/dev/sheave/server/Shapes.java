package dev.sheave.server;

import dev.sheave.api.ArtifactRecord;
import dev.sheave.api.BlockApi;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.TaskRunRecord;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.internal.ArtifactJson;
import dev.sheave.api.internal.BlockJson;
import dev.sheave.api.internal.DeploymentJson;
import dev.sheave.api.internal.FieldWriter;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.api.internal.StateJson;
import dev.sheave.api.internal.TaskRunJson;
import dev.sheave.api.internal.WorkQueueJson;
import dev.sheave.internal.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records with the fields that the protocol has and Sheave has no use for: programs that bind JSON
 * to classes expect them.
 */
final class Shapes {

  private Shapes() {}

  static Map<String, @Nullable Object> flowRun(FlowRunRecord run) {
    Map<String, @Nullable Object> json = FlowRunJson.RUN.toJson(run);
    json.putIfAbsent("work_pool_id", null);
    // additions, where they say something
    json.remove("infra_overrides", Map.of());
    json.remove("lease", null);
    Map<String, @Nullable Object> policy = inside(json, "empirical_policy");
    policy.putIfAbsent("max_retries", policy.get("retries"));
    policy.putIfAbsent("retry_delay_seconds", policy.get("retry_delay"));
    policy.putIfAbsent("pause_keys", List.of());
    policy.putIfAbsent("resuming", false);
    withDetails(inside(json, "state"));
    return json;
  }

  static Map<String, @Nullable Object> taskRun(TaskRunRecord run) {
    Map<String, @Nullable Object> json = TaskRunJson.RUN.toJson(run);
    Map<String, @Nullable Object> policy = inside(json, "empirical_policy");
    policy.putIfAbsent("max_retries", policy.get("retries"));
    Object delay = policy.get("retry_delay");
    policy.putIfAbsent("retry_delay_seconds", delay instanceof Number ? delay : 0);
    withDetails(inside(json, "state"));
    return json;
  }

  static Map<String, @Nullable Object> state(State state) {
    Map<String, @Nullable Object> json = StateJson.STATE.toJson(state);
    withDetails(json);
    return json;
  }

  static Map<String, @Nullable Object> transition(StateTransition transition) {
    Map<String, @Nullable Object> json = StateJson.TRANSITION.toJson(transition);
    withDetails(inside(json, "state"));
    return json;
  }

  private static void withDetails(Map<String, @Nullable Object> state) {
    Map<String, @Nullable Object> details = inside(state, "state_details");
    details.putIfAbsent("cache_key", null);
    details.putIfAbsent("cache_expiration", null);
    details.putIfAbsent("untrackable_result", false);
    details.putIfAbsent("pause_timeout", null);
    details.putIfAbsent("pause_reschedule", false);
    details.putIfAbsent("pause_key", null);
    details.putIfAbsent("refresh_cache", null);
  }

  static Map<String, @Nullable Object> deployment(DeploymentRecord deployment) {
    Map<String, @Nullable Object> json = DeploymentJson.DEPLOYMENT.toJson(deployment);
    for (String name : List.of("pull_steps", "manifest_path", "created_by", "updated_by")) {
      json.putIfAbsent(name, null);
    }
    return json;
  }

  /**
   * A document.
   *
   * @param blocks tells the types of the documents that it refers to
   */
  static Map<String, @Nullable Object> document(BlockDocumentRecord document, BlockApi blocks) {
    Map<String, @Nullable Object> json = BlockJson.DOCUMENT.toJson(document);
    Map<String, @Nullable Object> references = inside(json, "block_document_references");
    document
        .references()
        .forEach(
            (place, reference) -> {
              Map<String, @Nullable Object> target =
                  inside(inside(references, place), "block_document");
              blocks
                  .findBlockType(reference.slug())
                  .ifPresent(
                      type -> {
                        target.putIfAbsent("block_type", type(type));
                        target.remove("block_type_slug");
                      });
              target.putIfAbsent("block_document_references", Map.of());
            });
    withTimes(inside(json, "block_type"));
    Map<String, @Nullable Object> schema = inside(json, "block_schema");
    withTimes(schema);
    withTimes(inside(schema, "block_type"));
    return json;
  }

  static Map<String, @Nullable Object> schema(BlockSchemaRecord schema) {
    Map<String, @Nullable Object> json = BlockJson.SCHEMA.toJson(schema);
    withTimes(json);
    withTimes(inside(json, "block_type"));
    return json;
  }

  static Map<String, @Nullable Object> type(BlockTypeRecord type) {
    Map<String, @Nullable Object> json = BlockJson.TYPE.toJson(type);
    withTimes(json);
    return json;
  }

  static Map<String, @Nullable Object> logLine(LogLine line) {
    Map<String, @Nullable Object> json = FlowRunJson.LOG_LINE.toJson(line);
    String time = FieldWriter.time(line.line().timestamp());
    json.putIfAbsent("created", time);
    json.putIfAbsent("updated", time);
    return json;
  }

  static Map<String, @Nullable Object> queue(WorkQueueRecord queue) {
    Map<String, @Nullable Object> json = WorkQueueJson.QUEUE.toJson(queue);
    json.putIfAbsent("filter", null);
    return json;
  }

  static Map<String, @Nullable Object> artifact(ArtifactRecord artifact) {
    Map<String, @Nullable Object> json = ArtifactJson.ARTIFACT.toJson(artifact);
    if (artifact.metadata().isEmpty()) {
      json.put("metadata_", null);
    }
    return json;
  }

  /** The times of a record whose times aren't kept. */
  private static void withTimes(Map<String, @Nullable Object> json) {
    json.putIfAbsent("created", null);
    json.putIfAbsent("updated", null);
  }

  /** A JSON object in another. */
  private static Map<String, @Nullable Object> inside(
      Map<String, @Nullable Object> json, String name) {
    return json.get(name) instanceof Map<?, ?> map ? Json.asObject(map) : new HashMap<>();
  }
}
