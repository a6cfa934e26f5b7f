package dev.sheave.server;

import dev.sheave.api.NotificationPolicyApi;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.internal.NotificationJson;

/** Notification policies of flow runs. */
final class NotificationRoutes {
  private static final String PATH = "/flow_run_notification_policies/";

  private final NotificationPolicyApi policies;

  private NotificationRoutes(NotificationPolicyApi policies) {
    this.policies = policies;
  }

  static void add(Routes routes, OrchestrationApi api) {
    NotificationPolicyApi policies = api.notificationPolicies();
    NotificationRoutes own = new NotificationRoutes(policies);
    routes
        .add(
            "POST",
            PATH,
            Scope.ADMIN,
            Reply.CREATED,
            call ->
                Reply.created(
                    NotificationJson.POLICY.toJson(
                        policies.createNotificationPolicy(call.body(NotificationJson.NEW_POLICY)))))
        .add("POST", PATH + "filter", Scope.READ, Reply.OK, own::list)
        .add(
            "GET",
            PATH + "{id}",
            Scope.READ,
            Reply.OK,
            call ->
                Reply.ok(
                    NotificationJson.POLICY.toJson(policies.readNotificationPolicy(call.id()))))
        .add("PATCH", PATH + "{id}", Scope.ADMIN, Reply.NO_CONTENT, own::update)
        .add("DELETE", PATH + "{id}", Scope.ADMIN, Reply.NO_CONTENT, own::delete);
  }

  private Reply list(Call call) {
    Boolean isActive =
        call.fields()
            .values("flow_run_notification_policy_filter")
            .values("is_active")
            .flagOrNull("eq_");
    return Reply.ok(
        NotificationJson.POLICY.toJson(
            call.page(page -> policies.listNotificationPolicies(isActive, page))));
  }

  private Reply update(Call call) {
    policies.updateNotificationPolicy(call.id(), call.body(NotificationJson.POLICY_UPDATE));
    return Reply.NOTHING;
  }

  private Reply delete(Call call) {
    policies.deleteNotificationPolicy(call.id());
    return Reply.NOTHING;
  }
}
