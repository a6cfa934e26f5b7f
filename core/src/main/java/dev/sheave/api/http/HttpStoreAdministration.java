package dev.sheave.api.http;

import static dev.sheave.api.http.Call.encoded;
import static dev.sheave.api.http.Call.named;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.ApiKeyApi;
import dev.sheave.api.ApiKeyRecord;
import dev.sheave.api.AuditApi;
import dev.sheave.api.AuditRecord;
import dev.sheave.api.IssuedApiKey;
import dev.sheave.api.KeyRotation;
import dev.sheave.api.KeyScope;
import dev.sheave.api.Page;
import dev.sheave.api.PruneRule;
import dev.sheave.api.Pruned;
import dev.sheave.api.StoreAdministration;
import dev.sheave.api.StoreLoad;
import dev.sheave.api.internal.AdministrationJson;
import dev.sheave.api.internal.AdministrationJson.NewKey;
import dev.sheave.block.Secret;
import dev.sheave.internal.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The administration of a server's store, with a key that is good for it. */
final class HttpStoreAdministration implements StoreAdministration, ApiKeyApi, AuditApi {
  private static final String KEYS = "/sheave/api_keys/";

  private final ServerConnection server;
  private final ServerFeatures features;

  HttpStoreAdministration(ServerConnection server, ServerFeatures features) {
    this.server = server;
    this.features = features;
  }

  @Override
  public ApiKeyApi apiKeys() {
    return this;
  }

  @Override
  public AuditApi audit() {
    return this;
  }

  @Override
  public Pruned pruneSome(PruneRule rule) {
    return server
        .send(Call.query("/sheave/prune", AdministrationJson.PRUNE_RULE.toJson(rule)))
        .record(AdministrationJson.PRUNED);
  }

  @Override
  public KeyRotation rotateEncryptionKey(boolean keepsOldKey) {
    throw ofServer("The encryption key is rotated");
  }

  @Override
  public StoreLoad readLoad() {
    throw ofServer("The load is read");
  }

  @Override
  public void backUp(Path file) {
    throw ofServer("A backup is made");
  }

  private SheaveException ofServer(String what) {
    return new SheaveException(
        Code.UNSUPPORTED,
        what
            + " where the records of "
            + server.url()
            + " are kept: run this where SHEAVE_API_URL names their database.");
  }

  private static IssuedApiKey issued(Answer answer) {
    return new IssuedApiKey(
        answer.record(AdministrationJson.KEY),
        Secret.of(String.valueOf(answer.object().get("key"))));
  }

  @Override
  public IssuedApiKey createKey(String name, KeyScope scope, @Nullable Duration validity) {
    NewKey key = new NewKey(name, scope, validity);
    return issued(server.send(Call.create(KEYS, AdministrationJson.NEW_KEY.toJson(key))));
  }

  @Override
  public List<ApiKeyRecord> listKeys() {
    return server.send(Call.get(KEYS, "The keys")).records(AdministrationJson.KEY);
  }

  @Override
  public void revokeKey(String name) {
    server.send(Call.delete(KEYS + encoded(name), named("API key", name)));
  }

  @Override
  public IssuedApiKey rollKey(String name, Duration overlap) {
    return issued(
        server.send(
            Call.create(
                    KEYS + encoded(name) + "/roll",
                    Json.object("overlap", overlap.toMillis() / 1e3))
                .about(named("API key", name))));
  }

  @Override
  public boolean hasKeys() {
    throw ofServer("Keys are checked");
  }

  @Override
  public Optional<ApiKeyRecord> useKey(Secret key) {
    throw ofServer("Keys are checked");
  }

  @Override
  public List<AuditRecord> listChanges(Page page) {
    return server
        .send(Call.query("/sheave/audit/filter", features.page(page)))
        .records(AdministrationJson.CHANGE);
  }

  @Override
  public void addChanges(List<AuditRecord> changes) {
    throw ofServer("Changes are noted");
  }
}
