package dev.sheave.api.http;

import static dev.sheave.api.http.Call.named;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.NotificationPolicy;
import dev.sheave.api.NotificationPolicyApi;
import dev.sheave.api.NotificationPolicyRecord;
import dev.sheave.api.Page;
import dev.sheave.api.internal.NotificationJson;
import dev.sheave.internal.Json;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Notification policies of a server. */
final class HttpNotificationPolicyApi implements NotificationPolicyApi {
  private static final String PATH = "/flow_run_notification_policies/";

  private final ServerConnection server;
  private final ServerFeatures features;

  HttpNotificationPolicyApi(ServerConnection server, ServerFeatures features) {
    this.server = server;
    this.features = features;
  }

  private static String what(UUID id) {
    return named("notification policy", id);
  }

  @Override
  public NotificationPolicyRecord createNotificationPolicy(NotificationPolicy policy) {
    return server
        .send(
            Call.create(PATH, NotificationJson.NEW_POLICY.toJson(policy))
                .about(named("block document", policy.blockDocumentId()))
                .integrity(Code.NOT_FOUND))
        .record(NotificationJson.POLICY);
  }

  @Override
  public NotificationPolicyRecord readNotificationPolicy(UUID id) {
    return server.send(Call.get(PATH + id, what(id))).record(NotificationJson.POLICY);
  }

  @Override
  public void updateNotificationPolicy(UUID id, NotificationPolicyUpdate update) {
    server.send(Call.patch(PATH + id, NotificationJson.POLICY_UPDATE.toJson(update), what(id)));
  }

  @Override
  public List<NotificationPolicyRecord> listNotificationPolicies(
      @Nullable Boolean isActive, Page page) {
    Map<String, @Nullable Object> body = features.page(page);
    if (isActive != null) {
      body.put(
          "flow_run_notification_policy_filter",
          Json.object("is_active", Json.object("eq_", isActive)));
    }
    return server.send(Call.query(PATH + "filter", body)).records(NotificationJson.POLICY);
  }

  @Override
  public void deleteNotificationPolicy(UUID id) {
    server.send(Call.delete(PATH + id, what(id)));
  }
}
