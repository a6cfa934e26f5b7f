package dev.sheave.server;

import dev.sheave.api.IssuedApiKey;
import dev.sheave.api.StoreAdministration;
import dev.sheave.api.internal.AdministrationJson;
import dev.sheave.api.internal.AdministrationJson.NewKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keeping of the store: its API keys, what is old, and the changes that were made. */
final class AdministrationRoutes {
  private final StoreAdministration store;

  private AdministrationRoutes(StoreAdministration store) {
    this.store = store;
  }

  static void add(Routes routes, StoreAdministration store) {
    AdministrationRoutes own = new AdministrationRoutes(store);
    routes
        .add("POST", "/sheave/audit/filter", Scope.ADMIN, Reply.OK, own::listChanges)
        .add("GET", "/sheave/api_keys/", Scope.ADMIN, Reply.OK, own::listKeys)
        .add("POST", "/sheave/api_keys/", Scope.ADMIN, Reply.CREATED, own::createKey)
        .add("DELETE", "/sheave/api_keys/{name}", Scope.ADMIN, Reply.NO_CONTENT, own::revokeKey)
        .add("POST", "/sheave/api_keys/{name}/roll", Scope.ADMIN, Reply.CREATED, own::rollKey)
        .add("POST", "/sheave/prune", Scope.ADMIN, Reply.OK, own::prune);
  }

  /** The changes that were made, newest first. */
  private Reply listChanges(Call call) {
    return Reply.ok(AdministrationJson.CHANGE.toJson(call.page(store.audit()::listChanges)));
  }

  private Reply listKeys(Call call) {
    return Reply.ok(AdministrationJson.KEY.toJson(store.apiKeys().listKeys()));
  }

  private static Reply issued(IssuedApiKey key) {
    Map<String, @Nullable Object> json = AdministrationJson.KEY.toJson(key.record());
    json.put("key", key.secret().reveal());
    return Reply.created(json);
  }

  private Reply createKey(Call call) {
    NewKey key = call.body(AdministrationJson.NEW_KEY);
    return issued(store.apiKeys().createKey(key.name(), key.scope(), key.validity()));
  }

  private Reply revokeKey(Call call) {
    store.apiKeys().revokeKey(call.text("name"));
    return Reply.NOTHING;
  }

  private Reply rollKey(Call call) {
    return issued(store.apiKeys().rollKey(call.text("name"), call.fields().seconds("overlap")));
  }

  /** Removes some of what is old; the client asks again until nothing is left. */
  private Reply prune(Call call) {
    return Reply.ok(
        AdministrationJson.PRUNED.toJson(
            store.pruneSome(call.body(AdministrationJson.PRUNE_RULE))));
  }
}
