package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.FieldChecks;
import dev.sheave.infrastructure.ImageName;
import dev.sheave.infrastructure.Mounts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Those fields of a block that have a form. */
final class JobFields {
  private static final Pattern QUANTITY =
      Pattern.compile("\\d+(\\.\\d+)?([numkMGTPE]|[KMGTPE]i|[eE]\\d+)?");
  private static final Pattern VOLUME =
      Pattern.compile(
          "(?<kind>secret|config-map|claim):(?<name>[^:/]+):(?<path>/[^:]+)(?<ro>:ro)?");

  private static final String CLAIM = "persistentVolumeClaim";
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** Labels by which the cluster finds the pods of a job. */
  private static final Set<String> OF_THE_CLUSTER =
      Set.of(
          "job-name",
          "controller-uid",
          "batch.kubernetes.io/job-name",
          "batch.kubernetes.io/controller-uid");

  private JobFields() {}

  /**
   * Checks them.
   *
   * @throws SheaveException {@code INVALID} with all that is wrong
   */
  static void check(KubernetesJob block) {
    FieldChecks checks =
        new FieldChecks()
            .check("image", () -> image(block.image()))
            .check("namespace", () -> namespace(block.namespace()));
    quantity(block.cpuRequest(), "cpu_request", checks);
    quantity(block.cpuLimit(), "cpu_limit", checks);
    quantity(block.memoryRequest(), "memory_request", checks);
    quantity(block.memoryLimit(), "memory_limit", checks);
    block.labels().keySet().forEach(key -> checks.check("labels", () -> label(key)));
    Mounts mounts = new Mounts();
    block.volumes().forEach(each -> checks.check("volumes", () -> mount(each, mounts)));
    least(1, block.podWatchTimeoutSeconds(), "pod_watch_timeout_seconds", checks);
    least(1, block.jobWatchTimeoutSeconds(), "job_watch_timeout_seconds", checks);
    least(1, block.activeDeadlineSeconds(), "active_deadline_seconds", checks);
    least(0, block.finishedJobTtl(), "finished_job_ttl", checks);
    JobTemplate.check(block, checks);
    checks.throwIfAny();
  }

  /** A label that the cluster sets itself can't be set. */
  private static void label(String key) {
    if (OF_THE_CLUSTER.contains(KubernetesNames.labelKey(key))) {
      throw new SheaveException(
          Code.INVALID,
          "'labels' must not have '"
              + key
              + "', which the cluster sets itself; name it otherwise.");
    }
  }

  private static void namespace(@Nullable String name) {
    if (name != null && !NAMESPACE.matcher(name).matches()) {
      throw new SheaveException(
          Code.INVALID,
          "'namespace' must be a name of lower-case letters, digits and hyphens, not '"
              + name
              + "'; leave it out for that of the manifest or the context.");
    }
  }

  private static void image(@Nullable String name) {
    if (name != null) {
      ImageName.parse(name, "image");
    }
  }

  /** The key is mounted after the volumes, for which its folder is made in them. */
  private static void mount(String text, Mounts mounts) {
    Volume volume = volume(text);
    boolean isWritable = volume.source().containsKey(CLAIM) && !volume.isReadOnly();
    mounts.add("volumes", volume.path(), text, !isWritable);
  }

  private static void least(int least, @Nullable Integer value, String field, FieldChecks checks) {
    checks.check(
        field,
        () -> {
          if (value != null && value < least) {
            throw new SheaveException(
                Code.INVALID, "'" + field + "' must be " + least + " or more, not " + value + ".");
          }
        });
  }

  private static void quantity(@Nullable String text, String field, FieldChecks checks) {
    checks.check(
        field,
        () -> {
          if (text != null && !QUANTITY.matcher(text).matches()) {
            throw new SheaveException(
                Code.INVALID,
                "'"
                    + field
                    + "' must be a number with a unit, like '500m' or '1Gi', not '"
                    + text
                    + "'.");
          }
        });
  }

  /**
   * A volume of a pod.
   *
   * @param source its entry in the manifest, without a name
   * @param path where it is mounted
   * @param isReadOnly whether it can't be written
   */
  record Volume(Map<String, @Nullable Object> source, String path, boolean isReadOnly) {}

  static Volume volume(String text) {
    Matcher matcher = VOLUME.matcher(text);
    if (!matcher.matches()) {
      throw new SheaveException(
          Code.INVALID,
          "'volumes' must be like 'secret:NAME:/PATH', 'config-map:NAME:/PATH' or"
              + " 'claim:NAME:/PATH:ro', not '"
              + text
              + "'.");
    }
    String name = matcher.group("name");
    Map<String, @Nullable Object> source = new LinkedHashMap<>();
    switch (matcher.group("kind")) {
      case "secret" -> source.put("secret", Map.of("secretName", name));
      case "config-map" -> source.put("configMap", Map.of("name", name));
      default -> source.put(CLAIM, Map.of("claimName", name));
    }
    return new Volume(source, matcher.group("path"), matcher.group("ro") != null);
  }
}
