package dev.sheave.api.internal;

import dev.sheave.api.NotificationPolicy;
import dev.sheave.api.NotificationPolicyApi.NotificationPolicyUpdate;
import dev.sheave.api.NotificationPolicyRecord;

/** Notification policies. */
public final class NotificationJson {

  /** Policies to be created. */
  public static final RecordCodec<NotificationPolicy> NEW_POLICY =
      new RecordCodec<>(
          "notification policy",
          (policy, json) ->
              json.value("is_active", policy.isActive())
                  .texts("state_names", policy.stateNames())
                  .texts("tags", policy.tags())
                  .id("block_document_id", policy.blockDocumentId())
                  .value("message_template", policy.messageTemplate()),
          json ->
              new NotificationPolicy(
                  json.flag("is_active", true),
                  json.texts("state_names"),
                  json.texts("tags"),
                  json.id("block_document_id"),
                  json.textOrNull("message_template")));

  /** Policies. */
  public static final RecordCodec<NotificationPolicyRecord> POLICY =
      new RecordCodec<>(
          "notification policy",
          (policy, json) ->
              json.id("id", policy.id())
                  .time("created", policy.created())
                  .time("updated", policy.updated())
                  .all(NEW_POLICY.toJson(policy.policy())),
          json ->
              new NotificationPolicyRecord(
                  json.id("id"),
                  json.time("created"),
                  json.time("updated"),
                  json.same(NEW_POLICY)));

  /** Changes to policies. */
  public static final RecordCodec<NotificationPolicyUpdate> POLICY_UPDATE =
      new RecordCodec<>(
          "change of a notification policy",
          (update, json) ->
              json.change("is_active", update.isActive(), value -> value)
                  .change("state_names", update.stateNames(), value -> value)
                  .change("tags", update.tags(), value -> value)
                  .change("block_document_id", update.blockDocumentId(), Object::toString)
                  .change("message_template", update.messageTemplate(), value -> value),
          json ->
              new NotificationPolicyUpdate(
                  json.change("is_active", json::flagOrNull),
                  json.change("state_names", json::texts),
                  json.change("tags", json::texts),
                  json.change("block_document_id", json::idOrNull),
                  json.change("message_template", json::textOrNull)));

  private NotificationJson() {}
}
