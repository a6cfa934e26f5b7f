package dev.sheave.cli.command;

import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRecord;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.State;
import dev.sheave.api.WorkQueueRecord;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records as JSON, with the names that they have in the protocol. */
final class RecordJson {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

  private RecordJson() {}

  static Map<String, @Nullable Object> blockDocument(BlockDocumentRecord document) {
    Map<String, @Nullable Object> references = new LinkedHashMap<>();
    document
        .references()
        .forEach(
            (place, reference) -> {
              Map<String, @Nullable Object> target = new LinkedHashMap<>();
              target.put("id", reference.id().toString());
              target.put("name", reference.name());
              target.put("block_type_slug", reference.slug());
              target.put("is_anonymous", reference.isAnonymous());
              references.put(place, Map.of("block_document", target));
            });
    BlockSchemaRecord schema = document.blockSchema();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", document.id().toString());
    json.put("created", time(document.created()));
    json.put("updated", time(document.updated()));
    json.put("name", document.name());
    json.put("data", document.data());
    json.put("block_schema_id", schema.id().toString());
    json.put("block_schema", blockSchema(schema));
    json.put("block_type_id", schema.blockType().id().toString());
    json.put("block_type", blockType(schema.blockType()));
    json.put("block_document_references", references);
    json.put("is_anonymous", document.isAnonymous());
    return json;
  }

  private static Map<String, @Nullable Object> blockSchema(BlockSchemaRecord schema) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", schema.id().toString());
    json.put("checksum", schema.checksum());
    json.put("fields", schema.fields());
    json.put("block_type_id", schema.blockType().id().toString());
    json.put("capabilities", schema.capabilities());
    json.put("version", schema.version());
    return json;
  }

  static Map<String, @Nullable Object> blockType(BlockTypeRecord type) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", type.id().toString());
    json.put("name", type.name());
    json.put("slug", type.slug());
    json.put("logo_url", type.texts().logoUrl());
    json.put("documentation_url", type.texts().documentationUrl());
    json.put("description", type.texts().description());
    json.put("code_example", type.texts().codeExample());
    json.put("is_protected", type.isProtected());
    return json;
  }

  static Map<String, @Nullable Object> deployment(DeploymentRecord deployment) {
    DeploymentSpec spec = deployment.spec();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", deployment.id().toString());
    json.put("created", time(deployment.created()));
    json.put("updated", time(deployment.updated()));
    json.put("name", spec.name());
    json.put("version", spec.version());
    json.put("description", spec.description());
    json.put("flow_id", spec.flowId().toString());
    json.put("flow_name", deployment.flowName());
    json.put("schedule", spec.schedule());
    json.put("is_schedule_active", spec.isScheduleActive());
    json.put("infra_overrides", spec.infraOverrides());
    json.put("parameters", spec.parameters());
    json.put("tags", spec.tags());
    json.put("work_queue_name", spec.workQueueName());
    json.put("work_pool_name", spec.workPoolName());
    json.put("parameter_openapi_schema", spec.parameterSchema());
    json.put("path", spec.path());
    json.put("entrypoint", spec.entrypoint());
    json.put("storage_document_id", id(spec.storageDocumentId()));
    json.put("infrastructure_document_id", id(spec.infrastructureDocumentId()));
    return json;
  }

  static Map<String, @Nullable Object> flow(FlowRecord flow) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", flow.id().toString());
    json.put("created", time(flow.created()));
    json.put("name", flow.name());
    json.put("tags", flow.tags());
    return json;
  }

  static Map<String, @Nullable Object> workQueue(WorkQueueRecord queue) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", queue.id().toString());
    json.put("created", time(queue.created()));
    json.put("name", queue.name());
    json.put("description", queue.description());
    json.put("is_paused", queue.isPaused());
    json.put("concurrency_limit", queue.concurrencyLimit());
    json.put("priority", queue.priority());
    json.put("work_pool_name", queue.workPoolName());
    json.put("last_polled", time(queue.lastPolled()));
    return json;
  }

  static Map<String, @Nullable Object> flowRun(FlowRunRecord run) {
    Map<String, @Nullable Object> retries = new LinkedHashMap<>();
    retries.put("retries", run.retries().retries());
    retries.put("retry_delay", run.retries().delay().toMillis() / 1000.0);
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", run.id().toString());
    json.put("created", time(run.created()));
    json.put("updated", time(run.updated()));
    json.put("name", run.name());
    json.put("flow_id", run.flowId().toString());
    json.put("flow_name", run.flowName());
    json.put("state_id", run.state().id().toString());
    json.put("deployment_id", id(run.deploymentId()));
    json.put("work_queue_name", run.workQueueName());
    json.put("flow_version", run.flowVersion());
    json.put("parameters", run.parameters());
    json.put("idempotency_key", run.idempotencyKey());
    json.put("empirical_policy", retries);
    json.put("tags", run.tags());
    json.put("state_type", run.state().type().name());
    json.put("state_name", run.state().name());
    json.put("run_count", run.runCount());
    json.put("expected_start_time", time(run.expectedStartTime()));
    json.put("next_scheduled_start_time", time(run.nextScheduledStartTime()));
    json.put("start_time", time(run.startTime()));
    json.put("end_time", time(run.endTime()));
    json.put("total_run_time", run.totalRunTime().toNanos() / 1e9);
    json.put("infrastructure_document_id", id(run.infrastructureDocumentId()));
    json.put("infrastructure_pid", run.infrastructurePid());
    json.put("infra_overrides", run.infraOverrides());
    json.put("state", state(run.state()));
    return json;
  }

  private static Map<String, @Nullable Object> state(State state) {
    Map<String, @Nullable Object> details = new LinkedHashMap<>();
    details.put("flow_run_id", id(state.stateDetails().flowRunId()));
    details.put("scheduled_time", time(state.stateDetails().scheduledTime()));
    details.putAll(state.stateDetails().more());
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", state.id().toString());
    json.put("type", state.type().name());
    json.put("name", state.name());
    json.put("timestamp", time(state.timestamp()));
    json.put("message", state.message());
    json.put("data", state.data());
    json.put("state_details", details);
    return json;
  }

  static Map<String, @Nullable Object> logLine(LogLine line) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", line.id().toString());
    json.put("name", line.line().name());
    json.put("level", line.line().level());
    json.put("message", line.line().message());
    json.put("timestamp", time(line.line().timestamp()));
    json.put("flow_run_id", line.line().flowRunId().toString());
    return json;
  }

  static @Nullable String time(@Nullable Instant time) {
    return time == null ? null : TIME.format(time);
  }

  private static @Nullable String id(@Nullable UUID id) {
    return id == null ? null : id.toString();
  }
}
