package dev.sheave.server;

import dev.sheave.api.Created;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.SavedSearchRecord;
import dev.sheave.api.VariableApi.VariableSort;
import dev.sheave.api.VariableFilter;
import dev.sheave.api.VariableRecord;
import dev.sheave.api.internal.SavedSearchJson;
import dev.sheave.api.internal.VariableJson;
import java.util.Set;
import java.util.UUID;

/** Variables and saved searches. */
final class VariableRoutes {
  private final OrchestrationApi api;

  private VariableRoutes(OrchestrationApi api) {
    this.api = api;
  }

  static void add(Routes routes, OrchestrationApi api) {
    VariableRoutes own = new VariableRoutes(api);
    routes
        .add("POST", "/variables/", Scope.RUN, Reply.CREATED, own::create)
        .add("POST", "/variables/filter", Scope.READ, Reply.OK, own::list)
        .add("POST", "/variables/count", Scope.READ, Reply.OK, own::count)
        .add(
            "GET",
            "/variables/{id}",
            Scope.READ,
            Reply.OK,
            call -> variable(api.variables().readVariable(call.id())))
        .add(
            "GET",
            "/variables/name/{name}",
            Scope.READ,
            Reply.OK,
            call -> variable(own.named(call)))
        .add(
            "PATCH",
            "/variables/{id}",
            Scope.RUN,
            Reply.NO_CONTENT,
            call -> own.update(call.id(), call))
        .add(
            "PATCH",
            "/variables/name/{name}",
            Scope.RUN,
            Reply.NO_CONTENT,
            call -> own.update(own.named(call).id(), call))
        .add(
            "DELETE", "/variables/{id}", Scope.RUN, Reply.NO_CONTENT, call -> own.delete(call.id()))
        .add(
            "DELETE",
            "/variables/name/{name}",
            Scope.RUN,
            Reply.NO_CONTENT,
            call -> own.delete(own.named(call).id()))
        .add("PUT", "/saved_searches/", Scope.RUN, Set.of(Reply.OK, Reply.CREATED), own::save)
        .add("POST", "/saved_searches/filter", Scope.READ, Reply.OK, own::searches)
        .add(
            "GET",
            "/saved_searches/{id}",
            Scope.READ,
            Reply.OK,
            call ->
                Reply.ok(
                    SavedSearchJson.SEARCH.toJson(api.savedSearches().readSavedSearch(call.id()))))
        .add("DELETE", "/saved_searches/{id}", Scope.RUN, Reply.NO_CONTENT, own::forget);
  }

  private static Reply variable(VariableRecord variable) {
    return Reply.ok(VariableJson.VARIABLE.toJson(variable));
  }

  private VariableRecord named(Call call) {
    return api.variables()
        .findVariable(call.text("name"))
        .orElseThrow(() -> new RequestException(404, "Variable not found."));
  }

  private Reply create(Call call) {
    Values body = call.fields();
    return Reply.created(
        VariableJson.VARIABLE.toJson(
            api.variables()
                .createVariable(
                    body.requiredText("name"), body.requiredText("value"), body.texts("tags"))));
  }

  private static VariableFilter filter(Call call) {
    return call.fields().record("variables", VariableJson.VARIABLES, VariableFilter.ALL);
  }

  private Reply list(Call call) {
    VariableSort sort = call.fields().constant("sort", VariableSort.NAME_ASC);
    return Reply.ok(
        VariableJson.VARIABLE.toJson(
            call.page(page -> api.variables().listVariables(filter(call), sort, page))));
  }

  private Reply count(Call call) {
    return Reply.ok(api.variables().countVariables(filter(call)));
  }

  private Reply update(UUID id, Call call) {
    api.variables().updateVariable(id, call.body(VariableJson.VARIABLE_UPDATE));
    return Reply.NOTHING;
  }

  private Reply delete(UUID id) {
    api.variables().deleteVariable(id);
    return Reply.NOTHING;
  }

  private Reply save(Call call) {
    Values body = call.fields();
    Created<SavedSearchRecord> search =
        api.savedSearches()
            .saveSearch(
                body.requiredText("name"), body.records("filters", SavedSearchJson.SEARCH_FILTER));
    return Reply.found(search.isNew(), SavedSearchJson.SEARCH.toJson(search.record()));
  }

  private Reply searches(Call call) {
    return Reply.ok(
        SavedSearchJson.SEARCH.toJson(
            call.page(page -> api.savedSearches().listSavedSearches(page))));
  }

  private Reply forget(Call call) {
    api.savedSearches().deleteSavedSearch(call.id());
    return Reply.NOTHING;
  }
}
