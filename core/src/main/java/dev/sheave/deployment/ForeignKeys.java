package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.api.Schedule;
import dev.sheave.api.internal.DeploymentJson;
import dev.sheave.internal.Json;
import dev.sheave.internal.Suggestions;
import dev.sheave.internal.YamlNode;
import dev.sheave.internal.YamlNode.Mapping;
import dev.sheave.internal.YamlValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys that releases of the reference after 2.10 write, and those of its projects. What means
 * the same as a key here counts as that; what is empty, or makes no difference here, is passed over
 * with a warning; the rest is a problem, with what to do.
 */
final class ForeignKeys {

  /** They mean the same as keys here. */
  private static final Set<String> OTHER_NAMES = Set.of("schedules", "paused", "job_variables");

  /** Whatever they say makes no difference here. */
  private static final Set<String> WITHOUT_MEANING =
      Set.of(
          "enforce_parameter_schema", // values are always checked
          "prefect-version",
          "id",
          "created",
          "updated",
          "created_by",
          "updated_by",
          "flow_id",
          "status",
          "last_polled");

  /** What can't be done here, and what to do instead. */
  private static final Map<String, String> UNSUPPORTED =
      Map.ofEntries(
          Map.entry("triggers", "start runs explicitly or by a schedule"),
          Map.entry("pull", "set 'storage' and 'path' to where the code is"),
          Map.entry("push", "upload the code when you build or apply the deployment"),
          Map.entry("build", "run the steps before you build the deployment"),
          Map.entry("pull_steps", "set 'storage' and 'path' to where the code is"),
          Map.entry(
              "work_pool",
              "name the pool in 'work_pool_name' and its queue in"
                  + " 'work_queue_name', and put 'job_variables' into 'infra_overrides'"),
          Map.entry("concurrency_limit", "set the limit of the work queue"),
          Map.entry("concurrency_options", "set the limit of the work queue"),
          Map.entry("global_concurrency_limit", "set the limit of the work queue"),
          Map.entry("collision_strategy", "set the limit of the work queue"),
          Map.entry("deployments", "write each deployment into a file of its own"),
          Map.entry("definitions", "write each deployment into a file of its own"),
          Map.entry("flow_location", "name the flow in 'entrypoint'"),
          Map.entry("flow", "name the flow in 'flow_name' and 'entrypoint'"),
          Map.entry("packager", "set 'storage' and 'path' to where the code is"),
          Map.entry("flow_runner", "name the infrastructure in 'infrastructure'"),
          Map.entry("sla", "remove it"));

  private static final Map<String, Object> TEXT = Json.object("type", "string");

  private static final Map<String, @Nullable Object> SCHEDULE =
      Map.of(
          "properties",
          Map.of("cron", TEXT, "timezone", TEXT, "rrule", TEXT, "anchor_date", TEXT, "slug", TEXT));

  /** What a schedule of each kind has besides {@code timezone} and {@code catch_up}. */
  private static final Map<String, Set<String>> SCHEDULE_KINDS =
      Map.of("cron", Set.of("day_or"), "interval", Set.of("anchor_date"), "rrule", Set.of());

  private final DeploymentYaml yaml;

  ForeignKeys(DeploymentYaml yaml) {
    this.yaml = yaml;
  }

  /** Notes what is passed over, and what can't be here. */
  void check() {
    List<String> passedOver = new ArrayList<>();
    for (String key : yaml.keys()) {
      boolean isEmpty = yaml.isEmpty(key);
      if (DeploymentReader.KEYS.contains(key) || OTHER_NAMES.contains(key) && !isEmpty) {
        continue;
      }
      String instead = UNSUPPORTED.get(key);
      if (WITHOUT_MEANING.contains(key)
          || isEmpty && (instead != null || OTHER_NAMES.contains(key))) {
        passedOver.add("'" + key + "'");
      } else if (instead != null) {
        yaml.problem(key, "'" + key + "' isn't supported: " + instead + ".");
      } else {
        yaml.problem(
            key,
            "a deployment has no key '"
                + key
                + "'."
                + Suggestions.hint(key, DeploymentReader.KEYS));
      }
    }
    if (!passedOver.isEmpty()) {
      yaml.warn(
          String.join(", ", passedOver)
              + (passedOver.size() == 1 ? " is ignored" : " are ignored"));
    }
  }

  /** The key under which the overrides are: it has another name since 2.16. */
  String overridesKey() {
    if (yaml.isEmpty("job_variables")) {
      return "infra_overrides";
    }
    if (!yaml.isEmpty("infra_overrides")) {
      yaml.problem(
          "job_variables", "'job_variables' and 'infra_overrides' are the same; keep one.");
    }
    return "job_variables";
  }

  /** Returns whether the schedule is followed, if the file says. */
  @Nullable Boolean isScheduleActive() {
    Boolean active = yaml.truth("is_schedule_active");
    Boolean paused = yaml.truth("paused");
    if (active != null) {
      return active;
    }
    if (paused != null) {
      return !paused;
    }
    Mapping only = onlySchedule();
    YamlNode own = only == null ? null : only.entries().get("active");
    return own != null && own.value() instanceof Boolean truth ? truth : null;
  }

  /** Returns the one schedule, if there is one. */
  @Nullable Schedule schedule() {
    if (!yaml.isEmpty("schedule")) {
      if (!yaml.isEmpty("schedules")) {
        yaml.problem("schedules", "'schedule' is set too; a deployment has one schedule.");
      }
      Mapping schedule = yaml.mapping("schedule");
      return schedule == null ? null : schedule("schedule", schedule);
    }
    if (yaml.list("schedules").size() > 1) {
      yaml.problem(
          "schedules",
          "a deployment has one schedule; create a deployment for each of the others.");
    }
    Mapping only = onlySchedule();
    if (only == null) {
      return null;
    }
    return schedule(
        "schedules", only.entries().get("schedule") instanceof Mapping inner ? inner : only);
  }

  private @Nullable Mapping onlySchedule() {
    List<YamlNode> all = yaml.list("schedules");
    return all.size() == 1 && all.get(0) instanceof Mapping only ? only : null;
  }

  private @Nullable Schedule schedule(String key, Mapping mapping) {
    Map<String, @Nullable Object> schedule =
        new LinkedHashMap<>(YamlValues.read(mapping, SCHEDULE));
    schedule.keySet().removeAll(Set.of("active", "max_active_runs", "catchup", "slug"));
    if (schedule.values().stream().allMatch(value -> value == null)) {
      return null;
    }
    List<String> kinds = schedule.keySet().stream().filter(SCHEDULE_KINDS::containsKey).toList();
    if (kinds.size() != 1) {
      yaml.problem(key, "a schedule needs exactly one of 'cron', 'interval' and 'rrule'.");
      return null;
    }
    String kind = kinds.get(0);
    Set<String> known = new HashSet<>(Set.of(kind, "timezone", "catch_up"));
    known.addAll(SCHEDULE_KINDS.get(kind));
    schedule.forEach(
        (name, value) -> {
          if (value != null && !known.contains(name)) {
            yaml.problem(
                mapping.keys().get(name),
                "a schedule with '"
                    + kind
                    + "' has no key '"
                    + name
                    + "'."
                    + Suggestions.hint(name, known));
          }
        });
    try {
      return DeploymentJson.SCHEDULE.fromJson(schedule);
    } catch (SheaveException e) {
      yaml.problem(key, e);
    }
    schedule.keySet().retainAll(Set.of(kind)); // what its times are may be wrong, too
    try {
      return DeploymentJson.SCHEDULE.fromJson(schedule);
    } catch (SheaveException e) {
      return null;
    }
  }
}
