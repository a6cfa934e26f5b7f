package dev.sheave.deployment;

import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.internal.DeploymentJson;
import dev.sheave.block.Block;
import dev.sheave.block.Blocks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds the changes that applying a deployment makes. */
final class DeploymentChanges {

  private DeploymentChanges() {}

  /** Returns the fields in which two deployments differ. Secrets are masked in both. */
  static List<FieldChange> between(
      @Nullable DeploymentValues before, DeploymentValues after, Blocks blocks) {
    Map<String, @Nullable Object> old = before == null ? Map.of() : fields(before, blocks);
    List<FieldChange> changes = new ArrayList<>();
    fields(after, blocks)
        .forEach(
            (field, value) -> {
              Object known = old.get(field);
              if (!Objects.equals(known, value)) {
                changes.add(new FieldChange(field, known, value));
              }
            });
    return changes;
  }

  private static Map<String, @Nullable Object> fields(DeploymentValues values, Blocks blocks) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("version", values.version());
    fields.put("description", values.description());
    fields.put("work_queue_name", values.workQueueName());
    fields.put(
        "work_pool_name",
        values.workPoolName() == null ? WorkQueueApi.DEFAULT_POOL : values.workPoolName());
    fields.put("tags", values.tags());
    fields.put("parameters", RunParameters.of(values).masked(values.parameters()));
    if (!values.keepsSchedule()) {
      fields.put(
          "schedule",
          values.schedule() == null ? null : DeploymentJson.SCHEDULE.toJson(values.schedule()));
    }
    if (values.isScheduleActive() != null) { // else it stays as it is
      fields.put("is_schedule_active", values.isScheduleActive());
    }
    fields.put("infrastructure", describe(values.infrastructure(), blocks));
    fields.put("infra_overrides", values.infraOverrides());
    fields.put("storage", values.storage() == null ? null : describe(values.storage(), blocks));
    fields.put("path", values.path());
    fields.put("entrypoint", values.entrypoint());
    fields.put("parameter_openapi_schema", values.parameterSchema());
    return fields;
  }

  /** A block that has a name is described by it, others by their values. */
  private static Object describe(Block block, Blocks blocks) {
    return block
        .identity()
        .filter(identity -> !identity.isAnonymous())
        .<Object>map(identity -> block.displayName())
        .orElseGet(
            () -> {
              Map<String, @Nullable Object> values = new LinkedHashMap<>();
              values.put("block_type_slug", block.slug());
              values.putAll(blocks.values(block));
              return values;
            });
  }
}
