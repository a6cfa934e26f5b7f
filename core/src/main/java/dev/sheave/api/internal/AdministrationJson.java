package dev.sheave.api.internal;

import dev.sheave.api.ApiKeyRecord;
import dev.sheave.api.AuditRecord;
import dev.sheave.api.KeyScope;
import dev.sheave.api.PruneRule;
import dev.sheave.api.Pruned;
import dev.sheave.api.StateType;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is told about the keeping of a store. */
public final class AdministrationJson {
  private static final List<StateType> OVER = PruneRule.OVER.stream().sorted().toList();

  /** API keys, without their secrets. */
  public static final RecordCodec<ApiKeyRecord> KEY =
      new RecordCodec<>(
          "API key",
          (key, json) ->
              json.id("id", key.id())
                  .time("created", key.created())
                  .value("name", key.name())
                  .value("start", key.start())
                  .name("scope", key.scope())
                  .time("expires", key.expires())
                  .time("last_used", key.lastUsed()),
          json ->
              new ApiKeyRecord(
                  json.id("id"),
                  json.time("created"),
                  json.text("name"),
                  json.text("start"),
                  json.constant("scope", KeyScope.class),
                  json.timeOrNull("expires"),
                  json.timeOrNull("last_used"),
                  null,
                  false));

  /**
   * A key to be made.
   *
   * @param validity how long it is valid; null for ever
   */
  public record NewKey(String name, KeyScope scope, @Nullable Duration validity) {}

  /** Keys to be made. */
  public static final RecordCodec<NewKey> NEW_KEY =
      new RecordCodec<>(
          "API key",
          (key, json) ->
              json.value("name", key.name())
                  .name("scope", key.scope())
                  .seconds("validity", key.validity()),
          json ->
              new NewKey(
                  json.text("name"),
                  json.constant("scope", KeyScope.class),
                  json.secondsOrNull("validity")));

  /** Changes that were made. */
  public static final RecordCodec<AuditRecord> CHANGE =
      new RecordCodec<>(
          "change",
          (change, json) ->
              json.time("time", change.time())
                  .value("who", change.who())
                  .value("address", change.address())
                  .value("method", change.method())
                  .value("path", change.path())
                  .value("status", change.status()),
          json ->
              new AuditRecord(
                  json.time("time"),
                  json.text("who"),
                  json.text("address"),
                  json.text("method"),
                  json.text("path"),
                  json.number("status")));

  /** Rules of what is old. */
  public static final RecordCodec<PruneRule> PRUNE_RULE =
      new RecordCodec<>(
          "rule",
          (rule, json) ->
              json.seconds("older_than", rule.olderThan())
                  .texts("states", rule.states())
                  .value("keep", rule.keep()),
          json -> {
            Duration olderThan = json.seconds("older_than");
            Set<StateType> states = json.constantSetOrNull("states", OVER);
            int keep = json.number("keep", 0);
            return new PruneRule(olderThan, states == null ? PruneRule.OVER : states, keep);
          });

  /** What was removed. */
  public static final RecordCodec<Pruned> PRUNED =
      new RecordCodec<>(
          "removal",
          (pruned, json) ->
              json.value("flow_runs", pruned.flowRuns())
                  .value("audit_entries", pruned.auditEntries()),
          json -> new Pruned(json.number("flow_runs"), json.number("audit_entries")));

  private AdministrationJson() {}
}
