package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.FieldChecks;
import dev.sheave.infrastructure.ApiKeyFile;
import dev.sheave.infrastructure.InfrastructureBlock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What users have written of a job: the base manifest, in it the fields of a block, and the block's
 * customizations of both. It can be changed.
 */
final class JobTemplate {
  private static final String DEFAULT_CONTAINER = "flow-run";

  /** Starts the names of the volumes that the block's own field has. */
  private static final String OF_THE_FIELD = "sheave-volume-";

  /** Fields of a job that Prefect's own manifest has in its pod's. */
  private static final List<String> OF_THE_JOB = List.of("parallelism", "completions");

  private final KubernetesJob block;
  private final String containerName;
  private Map<String, @Nullable Object> manifest;

  private JobTemplate(
      KubernetesJob block, Map<String, @Nullable Object> manifest, String containerName) {
    this.block = block;
    this.manifest = manifest;
    this.containerName = containerName;
  }

  /**
   * Returns the template of a block alone, as for its check.
   *
   * @throws SheaveException {@code INVALID} if it can't be a job's
   */
  static JobTemplate of(KubernetesJob block) {
    return of(block, block.command(), setOf(block.env()));
  }

  /**
   * Returns the template for a run.
   *
   * @param command what the container executes; null for what the manifest says, or Sheave's own
   * @param variables what is set in its environment
   * @throws SheaveException {@code INVALID} if it can't be a job's
   */
  static JobTemplate of(
      KubernetesJob block, @Nullable List<String> command, Map<String, String> variables) {
    Map<String, @Nullable Object> base = base(block);
    JobTemplate template = new JobTemplate(block, base, nameContainer(base));
    template.addFields(command, variables);
    template.customize();
    template.moveJobFields();
    return template;
  }

  /** Checks the manifest and the customizations of a block. */
  static void check(KubernetesJob block, FieldChecks checks) {
    checks.check(
        block.customizations() == null ? "job" : "customizations", () -> of(block).checkMounts());
  }

  /** Returns a template that is changed alone. */
  JobTemplate copy() {
    return new JobTemplate(block, Manifests.copy(manifest), containerName);
  }

  /** Checks the mounts of the manifest; those of the field are checked by it. */
  private void checkMounts() {
    for (Object each : Manifests.list(container(), "volumeMounts")) {
      if (each instanceof Map<?, ?> mount
          && mount.get("mountPath") instanceof String path
          && !String.valueOf(mount.get("name")).startsWith(OF_THE_FIELD)) {
        ApiKeyFile.checkMount("volumeMounts", path, Boolean.TRUE.equals(mount.get("readOnly")));
      }
    }
  }

  /** Returns the variables that aren't null. */
  static Map<String, String> setOf(Map<String, @Nullable String> variables) {
    Map<String, String> set = new LinkedHashMap<>();
    variables.forEach(
        (key, value) -> {
          if (value != null) {
            set.put(key, value);
          }
        });
    return set;
  }

  Map<String, @Nullable Object> manifest() {
    return manifest;
  }

  /** The namespace that the manifest names. */
  Optional<String> namespace() {
    return metadata().get("namespace") instanceof String own ? Optional.of(own) : Optional.empty();
  }

  /** Whether its pods have the network of their node. */
  boolean sharesNetwork() {
    return Boolean.TRUE.equals(podSpec().get("hostNetwork"));
  }

  /** Whether the cluster may replace a pod that has ended. */
  boolean replacesPods() {
    return spec().get("podFailurePolicy") != null || !Objects.equals(spec().get("backoffLimit"), 0);
  }

  // --- its parts --------------------------------------------------------------------------------

  /** The name of the container that executes the run. */
  String containerName() {
    return containerName;
  }

  Map<String, @Nullable Object> metadata() {
    return Manifests.object(manifest, "metadata");
  }

  Map<String, @Nullable Object> podMetadata() {
    return Manifests.object(pod(), "metadata");
  }

  private Map<String, @Nullable Object> spec() {
    return Manifests.object(manifest, "spec");
  }

  private Map<String, @Nullable Object> pod() {
    return Manifests.object(spec(), "template");
  }

  private Map<String, @Nullable Object> podSpec() {
    return podSpecOf(manifest);
  }

  @SuppressWarnings("unchecked") // copies have strings as keys
  private Map<String, @Nullable Object> container() {
    return Manifests.list(podSpec(), "containers").stream()
        .map(each -> (Map<String, @Nullable Object>) Objects.requireNonNull(each))
        .filter(each -> containerName.equals(each.get("name")))
        .findFirst()
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.INVALID,
                    "'customizations' remove the container '"
                        + containerName
                        + "', which executes the run."));
  }

  boolean hasVariable(String key) {
    return Manifests.has(Manifests.list(container(), "env"), "name", key);
  }

  void putVariable(String key, String value) {
    Map<String, @Nullable Object> variable = new LinkedHashMap<>();
    variable.put("name", key);
    variable.put("value", escaped(value));
    Manifests.put(Manifests.list(container(), "env"), "name", variable);
  }

  /** A text in which the cluster replaces nothing: {@code $(NAME)} would be a variable. */
  private static String escaped(String text) {
    return text.replace("$", "$$");
  }

  void mount(String name, JobFields.Volume volume) {
    Map<String, @Nullable Object> source = new LinkedHashMap<>(volume.source());
    source.put("name", name);
    Manifests.put(Manifests.list(podSpec(), "volumes"), "name", source);
    Map<String, @Nullable Object> mount = new LinkedHashMap<>();
    mount.put("name", name);
    mount.put("mountPath", volume.path());
    if (volume.isReadOnly()) {
      mount.put("readOnly", true);
    }
    Manifests.put(Manifests.list(container(), "volumeMounts"), "mountPath", mount);
  }

  // --- how it is made ---------------------------------------------------------------------------

  private static Map<String, @Nullable Object> base(KubernetesJob block) {
    Object job = block.job();
    if (job instanceof String text) {
      return checked(Manifests.parse(text, "'job'"));
    }
    if (job instanceof Map<?, ?> map) {
      return checked(Manifests.copy(map));
    }
    if (job != null) {
      throw new SheaveException(Code.INVALID, "'job' must be an object, or a string with YAML.");
    }
    Map<String, @Nullable Object> own = new LinkedHashMap<>();
    own.put("apiVersion", "batch/v1");
    own.put("kind", "Job");
    Manifests.list(podSpecOf(own), "containers")
        .add(new LinkedHashMap<>(Map.of("name", DEFAULT_CONTAINER)));
    return checked(own);
  }

  private static Map<String, @Nullable Object> podSpecOf(Map<String, @Nullable Object> manifest) {
    return Manifests.object(
        Manifests.object(Manifests.object(manifest, "spec"), "template"), "spec");
  }

  private static Map<String, @Nullable Object> checked(Map<String, @Nullable Object> manifest) {
    require(manifest, "apiVersion", "batch/v1");
    require(manifest, "kind", "Job");
    Map<String, @Nullable Object> spec = podSpecOf(manifest);
    spec.putIfAbsent("restartPolicy", "Never");
    require(spec, "restartPolicy", "Never");
    Manifests.object(manifest, "spec").putIfAbsent("backoffLimit", 0);
    List<@Nullable Object> containers = Manifests.list(spec, "containers");
    if (containers.isEmpty() || !containers.stream().allMatch(Map.class::isInstance)) {
      throw new SheaveException(
          Code.INVALID, "The manifest of the job must have a list of 'containers' of its pod.");
    }
    return manifest;
  }

  private static void require(Map<String, @Nullable Object> object, String key, String value) {
    if (!value.equals(object.get(key))) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + key
              + "' in the manifest of the job must be '"
              + value
              + "', not '"
              + object.get(key)
              + "'.");
    }
  }

  @SuppressWarnings("unchecked")
  private static String nameContainer(Map<String, @Nullable Object> manifest) {
    Map<String, @Nullable Object> first =
        (Map<String, @Nullable Object>)
            Objects.requireNonNull(Manifests.list(podSpecOf(manifest), "containers").get(0));
    return String.valueOf(first.computeIfAbsent("name", missing -> DEFAULT_CONTAINER));
  }

  private void addFields(@Nullable List<String> command, Map<String, String> variables) {
    Map<String, @Nullable Object> container = container();
    if (block.image() != null) {
      container.put("image", block.image());
    } else {
      container.putIfAbsent("image", InfrastructureBlock.defaultImage());
    }
    if (command != null) {
      container.put("args", command.stream().map(JobTemplate::escaped).toList());
    } else if (!container.containsKey("args") && !container.containsKey("command")) {
      container.put("args", InfrastructureBlock.imageCommand());
    }
    ImagePullPolicy policy = block.imagePullPolicy();
    if (policy != null) {
      container.put(
          "imagePullPolicy",
          switch (policy) {
            case IF_NOT_PRESENT -> "IfNotPresent";
            case ALWAYS -> "Always";
            case NEVER -> "Never";
          });
    }
    addResource(container, "requests", "cpu", block.cpuRequest());
    addResource(container, "requests", "memory", block.memoryRequest());
    addResource(container, "limits", "cpu", block.cpuLimit());
    addResource(container, "limits", "memory", block.memoryLimit());
    variables.forEach(this::putVariable);
    Map<String, @Nullable Object> podSpec = podSpec();
    putIfSet(podSpec, "serviceAccountName", block.serviceAccountName());
    if (!block.nodeSelector().isEmpty()) {
      Manifests.object(podSpec, "nodeSelector").putAll(block.nodeSelector());
    }
    block.tolerations().forEach(each -> Manifests.list(podSpec, "tolerations").add(each));
    block
        .imagePullSecrets()
        .forEach(each -> Manifests.list(podSpec, "imagePullSecrets").add(Map.of("name", each)));
    int number = 0;
    for (String each : block.volumes()) {
      number++;
      mount(OF_THE_FIELD + number, JobFields.volume(each));
    }
    putIfSet(spec(), "activeDeadlineSeconds", block.activeDeadlineSeconds());
    if (block.onDisruption() == OnDisruption.RESTART) {
      spec()
          .put(
              "podFailurePolicy",
              Map.of(
                  "rules",
                  List.of(
                      Map.of(
                          "action",
                          "Ignore",
                          "onPodConditions",
                          List.of(Map.of("type", "DisruptionTarget", "status", "True"))))));
    }
    if (!block.podAnnotations().isEmpty()) {
      Manifests.object(podMetadata(), "annotations").putAll(block.podAnnotations());
    }
  }

  private static void addResource(
      Map<String, @Nullable Object> container,
      String kind,
      String resource,
      @Nullable String value) {
    if (value != null) {
      Manifests.object(Manifests.object(container, "resources"), kind).put(resource, value);
    }
  }

  private static void putIfSet(
      Map<String, @Nullable Object> target, String key, @Nullable Object value) {
    if (value != null) {
      target.put(key, value);
    }
  }

  private void customize() {
    Object changes = block.customizations();
    if (changes instanceof String text) {
      changes = Manifests.value(text, "'customizations'");
    }
    if (changes != null) {
      manifest = checked(Customizations.apply(manifest, changes));
      Map<String, @Nullable Object> unused = container();
    }
  }

  /** The cluster would refuse them where they are. */
  private void moveJobFields() {
    for (String key : OF_THE_JOB) {
      Object value = podSpec().remove(key);
      if (value != null) {
        spec().putIfAbsent(key, value);
      }
    }
  }
}
