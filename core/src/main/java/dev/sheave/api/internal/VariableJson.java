package dev.sheave.api.internal;

import dev.sheave.api.FieldMatch;
import dev.sheave.api.TagMatch;
import dev.sheave.api.VariableApi.VariableUpdate;
import dev.sheave.api.VariableFilter;
import dev.sheave.api.VariableRecord;

/** Variables. */
public final class VariableJson {

  /** Variables. */
  public static final RecordCodec<VariableRecord> VARIABLE =
      new RecordCodec<>(
          "variable",
          (variable, json) ->
              json.id("id", variable.id())
                  .time("created", variable.created())
                  .time("updated", variable.updated())
                  .value("name", variable.name())
                  .value("value", variable.value())
                  .value("tags", variable.tags()),
          json ->
              new VariableRecord(
                  json.id("id"),
                  json.time("created"),
                  json.time("updated"),
                  json.text("name"),
                  json.text("value"),
                  json.texts("tags")));

  /** Changes to variables. */
  public static final RecordCodec<VariableUpdate> VARIABLE_UPDATE =
      new RecordCodec<>(
          "change of a variable",
          (update, json) ->
              json.change("name", update.name(), value -> value)
                  .change("value", update.value(), value -> value)
                  .change("tags", update.tags(), value -> value),
          json ->
              new VariableUpdate(
                  json.change("name", json::textOrNull),
                  json.change("value", json::textOrNull),
                  json.change("tags", json::texts)));

  /** Filters of variables. */
  public static final RecordCodec<VariableFilter> VARIABLES =
      new RecordCodec<>(
              "filter of variables",
              (filter, json) -> {
                FilterJson.operator(filter.operator(), json);
                json.unless("id", FilterJson.ID, filter.id(), FieldMatch.any())
                    .unless("name", FilterJson.TEXT, filter.name(), FieldMatch.any())
                    .unless("value", FilterJson.TEXT, filter.value(), FieldMatch.any())
                    .unless("tags", FilterJson.TAGS, filter.tags(), TagMatch.ANY);
              },
              json ->
                  new VariableFilter(
                      FilterJson.operator(json),
                      json.record("id", FilterJson.ID, FieldMatch.any()),
                      json.record("name", FilterJson.TEXT, FieldMatch.any()),
                      json.record("value", FilterJson.TEXT, FieldMatch.any()),
                      json.record("tags", FilterJson.TAGS, TagMatch.ANY)))
          .strict();

  private VariableJson() {}
}
