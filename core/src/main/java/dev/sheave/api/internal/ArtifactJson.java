package dev.sheave.api.internal;

import dev.sheave.api.ArtifactApi.ArtifactUpdate;
import dev.sheave.api.ArtifactFilter;
import dev.sheave.api.ArtifactRecord;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.NewArtifact;

/** Artifacts. */
public final class ArtifactJson {

  /** Artifacts. */
  public static final RecordCodec<ArtifactRecord> ARTIFACT =
      new RecordCodec<>(
          "artifact",
          (artifact, json) ->
              json.id("id", artifact.id())
                  .time("created", artifact.created())
                  .time("updated", artifact.updated())
                  .value("key", artifact.key())
                  .value("type", artifact.type())
                  .value("description", artifact.description())
                  .value("data", artifact.data())
                  .value("metadata_", artifact.metadata())
                  .id("flow_run_id", artifact.flowRunId())
                  .id("task_run_id", artifact.taskRunId()),
          json ->
              new ArtifactRecord(
                  json.id("id"),
                  json.time("created"),
                  json.time("updated"),
                  json.textOrNull("key"),
                  json.textOrNull("type"),
                  json.textOrNull("description"),
                  json.value("data"),
                  json.object("metadata_"),
                  json.idOrNull("flow_run_id"),
                  json.idOrNull("task_run_id")));

  /** Artifacts to be created. */
  public static final RecordCodec<NewArtifact> NEW_ARTIFACT =
      new RecordCodec<>(
          "artifact",
          (artifact, json) ->
              json.value("key", artifact.key())
                  .value("type", artifact.type())
                  .value("description", artifact.description())
                  .value("data", artifact.data())
                  .value("metadata_", artifact.metadata())
                  .id("flow_run_id", artifact.flowRunId())
                  .id("task_run_id", artifact.taskRunId()),
          json ->
              new NewArtifact(
                  json.textOrNull("key"),
                  json.textOrNull("type"),
                  json.textOrNull("description"),
                  json.value("data"),
                  json.object("metadata_"),
                  json.idOrNull("flow_run_id"),
                  json.idOrNull("task_run_id")));

  /** Changes to artifacts. */
  public static final RecordCodec<ArtifactUpdate> ARTIFACT_UPDATE =
      new RecordCodec<>(
          "change of an artifact",
          (update, json) ->
              json.change("data", update.data(), value -> value)
                  .change("description", update.description(), value -> value)
                  .change("metadata_", update.metadata(), value -> value),
          json ->
              new ArtifactUpdate(
                  json.change("data", json::value),
                  json.change("description", json::textOrNull),
                  json.change("metadata_", json::objectOrNull)));

  /** Filters of artifacts. */
  public static final RecordCodec<ArtifactFilter> ARTIFACTS =
      new RecordCodec<>(
              "filter of artifacts",
              (filter, json) -> {
                FilterJson.operator(filter.operator(), json);
                json.unless("id", FilterJson.ID, filter.id(), FieldMatch.any())
                    .unless("key", FilterJson.TEXT, filter.key(), FieldMatch.any())
                    .unless("flow_run_id", FilterJson.ID, filter.flowRunId(), FieldMatch.any())
                    .unless("task_run_id", FilterJson.ID, filter.taskRunId(), FieldMatch.any())
                    .unless("type", FilterJson.TEXT, filter.type(), FieldMatch.any());
              },
              json ->
                  new ArtifactFilter(
                      FilterJson.operator(json),
                      json.record("id", FilterJson.ID, FieldMatch.any()),
                      json.record("key", FilterJson.TEXT, FieldMatch.any()),
                      json.record("flow_run_id", FilterJson.ID, FieldMatch.any()),
                      json.record("task_run_id", FilterJson.ID, FieldMatch.any()),
                      json.record("type", FilterJson.TEXT, FieldMatch.any())))
          .strict();

  private ArtifactJson() {}
}
