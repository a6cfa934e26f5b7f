package dev.sheave.api.internal;

import dev.sheave.api.SavedSearchRecord;

/** Saved searches. */
public final class SavedSearchJson {

  /** Filters of saved searches. */
  public static final RecordCodec<SavedSearchRecord.Filter> SEARCH_FILTER =
      new RecordCodec<>(
          "filter of a saved search",
          (filter, json) ->
              json.value("object", filter.object())
                  .value("property", filter.property())
                  .value("type", filter.type())
                  .value("operation", filter.operation())
                  .value("value", filter.value()),
          json ->
              new SavedSearchRecord.Filter(
                  json.text("object"),
                  json.text("property"),
                  json.text("type"),
                  json.text("operation"),
                  json.value("value")));

  /** Saved searches. */
  public static final RecordCodec<SavedSearchRecord> SEARCH =
      new RecordCodec<>(
          "saved search",
          (search, json) ->
              json.id("id", search.id())
                  .time("created", search.created())
                  .time("updated", search.updated())
                  .value("name", search.name())
                  .records("filters", SEARCH_FILTER, search.filters()),
          json ->
              new SavedSearchRecord(
                  json.id("id"),
                  json.time("created"),
                  json.time("updated"),
                  json.text("name"),
                  json.records("filters", SEARCH_FILTER)));

  private SavedSearchJson() {}
}
