package dev.sheave.api.http;

import static dev.sheave.api.http.Call.named;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.Created;
import dev.sheave.api.Page;
import dev.sheave.api.SavedSearchApi;
import dev.sheave.api.SavedSearchRecord;
import dev.sheave.api.internal.SavedSearchJson;
import dev.sheave.internal.Json;
import java.util.List;
import java.util.UUID;

/** Saved searches of a server. */
final class HttpSavedSearchApi implements SavedSearchApi {
  private static final String PATH = "/saved_searches/";

  private final ServerConnection server;
  private final ServerFeatures features;

  HttpSavedSearchApi(ServerConnection server, ServerFeatures features) {
    this.server = server;
    this.features = features;
  }

  private static String what(UUID id) {
    return named("saved search", id);
  }

  @Override
  public Created<SavedSearchRecord> saveSearch(
      String name, List<SavedSearchRecord.Filter> filters) {
    Answer answer =
        server.send(
            new Call(
                "PUT",
                PATH,
                Json.object("name", name, "filters", SavedSearchJson.SEARCH_FILTER.toJson(filters)),
                true,
                named("saved search", name),
                Code.CONFLICT));
    return new Created<>(answer.record(SavedSearchJson.SEARCH), answer.isNew());
  }

  @Override
  public SavedSearchRecord readSavedSearch(UUID id) {
    return server.send(Call.get(PATH + id, what(id))).record(SavedSearchJson.SEARCH);
  }

  @Override
  public List<SavedSearchRecord> listSavedSearches(Page page) {
    return server
        .send(Call.query(PATH + "filter", features.page(page)))
        .records(SavedSearchJson.SEARCH);
  }

  @Override
  public void deleteSavedSearch(UUID id) {
    server.send(Call.delete(PATH + id, what(id)));
  }
}
