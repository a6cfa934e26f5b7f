package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.ApiAccess.Reach;
import dev.sheave.infrastructure.InfrastructureBlock;
import dev.sheave.infrastructure.RunRequest;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the job of a run is to be: the base manifest with the fields of a block, its customizations,
 * and what Sheave needs itself, which nothing can take away.
 */
final class JobManifest {
  static final String DEFAULT_NAMESPACE = "default";

  /** The annotation of a job that names the container which executes the run. */
  static final String CONTAINER_ANNOTATION = "sheave.dev/container";

  private static final String DEFAULT_CONTAINER = "flow-run";
  private static final String API_URL = "SHEAVE_API_URL";
  private static final String API_KEY_FILE = "SHEAVE_API_KEY_FILE";
  private static final String INFRASTRUCTURE_PID = "SHEAVE__INFRASTRUCTURE_PID";
  private static final String KEY_VOLUME = "sheave-api-key";
  private static final String KEY_FOLDER = "/etc/sheave";
  static final String KEY_NAME = "api-key";
  private static final int READABLE_BY_ALL = 0444;

  private final KubernetesJob block;
  private final RunRequest request;
  private final String name;
  private final Map<String, String> labels;
  private final Map<String, @Nullable String> environment;
  private final @Nullable List<String> command;

  /**
   * Describes a job.
   *
   * @param name what people call it
   * @param labels marks
   * @param environment variables; null leaves one out
   * @param command what it executes; null for what the manifest says, or Sheave's own
   */
  JobManifest(
      KubernetesJob block,
      RunRequest request,
      String name,
      Map<String, String> labels,
      Map<String, @Nullable String> environment,
      @Nullable List<String> command) {
    this.block = block;
    this.request = request;
    this.name = name;
    this.labels = labels;
    this.environment = environment;
    this.command = command;
  }

  KubernetesJob block() {
    return block;
  }

  RunRequest request() {
    return request;
  }

  /** The job's name, which is also that of the secret with its key. */
  String jobName() {
    return KubernetesNames.job(name, request.flowRunId(), request.attempt());
  }

  /** The labels by which the job is found. */
  Map<String, String> identity() {
    return Map.of(
        RunRequest.FLOW_RUN_ID_LABEL, request.flowRunId().toString(),
        RunRequest.ATTEMPT_LABEL, Integer.toString(request.attempt()));
  }

  String namespace(Cluster cluster) {
    return namespace(block, cluster);
  }

  /** The namespace of a block's jobs. */
  static String namespace(KubernetesJob block, Cluster cluster) {
    if (block.namespace() != null) {
      return block.namespace();
    }
    return Manifests.object(customized(block), "metadata").get("namespace") instanceof String own
        ? own
        : cluster.namespace().orElse(DEFAULT_NAMESPACE);
  }

  /** How other programs name the job. */
  String pid(Cluster cluster) {
    return cluster.id() + ":" + namespace(cluster) + ":" + jobName();
  }

  /** Whether pods of a block have the network of their node. */
  static boolean sharesNetwork(KubernetesJob block) {
    return Boolean.TRUE.equals(podSpec(customized(block)).get("hostNetwork"));
  }

  /**
   * Refuses an API that a pod can't reach.
   *
   * @throws SheaveException {@code INVALID}
   */
  void checkApi() {
    boolean isLocal = request.api().reach() == Reach.THIS_HOST && !sharesNetwork(block);
    if ((request.api().opensStore() || isLocal) && !block.env().containsKey(API_URL)) {
      throw new SheaveException(
          Code.INVALID,
          "A pod can't reach the records of its run in '"
              + request.api()
              + "'; start a server at an address that pods reach, and set "
              + API_URL
              + " of the agent to it, or 'env.SHEAVE_API_URL'"
              + (isLocal
                  ? "; or set 'hostNetwork' in the manifest if this machine is the pod's node."
                  : "."));
    }
  }

  // --- the manifest that users have written ---------------------------------------------------

  /**
   * Returns the base manifest of a block with its customizations.
   *
   * @throws SheaveException {@code INVALID} if it can't be a job's
   */
  static Map<String, @Nullable Object> customized(KubernetesJob block) {
    return customized(block, base(block));
  }

  private static Map<String, @Nullable Object> customized(
      KubernetesJob block, Map<String, @Nullable Object> manifest) {
    Object changes = block.customizations();
    if (changes instanceof String text) {
      changes = Manifests.value(text, "'customizations'");
    }
    return changes == null ? manifest : checked(Customizations.apply(manifest, changes));
  }

  private static Map<String, @Nullable Object> base(KubernetesJob block) {
    Object job = block.job();
    Map<String, @Nullable Object> manifest = new LinkedHashMap<>();
    if (job instanceof String text) {
      manifest = Manifests.parse(text, "'job'");
    } else if (job instanceof Map<?, ?> map) {
      manifest = Manifests.copy(map);
    } else if (job == null) {
      manifest.put("apiVersion", "batch/v1");
      manifest.put("kind", "Job");
      Manifests.list(podSpec(manifest), "containers")
          .add(new LinkedHashMap<>(Map.of("name", DEFAULT_CONTAINER)));
    } else {
      throw new SheaveException(Code.INVALID, "'job' must be an object, or a string with YAML.");
    }
    return checked(manifest);
  }

  private static Map<String, @Nullable Object> checked(Map<String, @Nullable Object> manifest) {
    require(manifest, "apiVersion", "batch/v1");
    require(manifest, "kind", "Job");
    Map<String, @Nullable Object> spec = podSpec(manifest);
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

  private static Map<String, @Nullable Object> podSpec(Map<String, @Nullable Object> manifest) {
    return Manifests.object(
        Manifests.object(Manifests.object(manifest, "spec"), "template"), "spec");
  }

  @SuppressWarnings("unchecked") // copies have strings as keys
  private static Map<String, @Nullable Object> container(
      Map<String, @Nullable Object> manifest, String name) {
    return Manifests.list(podSpec(manifest), "containers").stream()
        .map(each -> (Map<String, @Nullable Object>) Objects.requireNonNull(each))
        .filter(each -> name.equals(each.get("name")))
        .findFirst()
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.INVALID,
                    "'customizations' remove the container '"
                        + name
                        + "', which executes the run."));
  }

  // --- what a block and a run add ---------------------------------------------------------------

  /** The job, with all that is to be known of it before it is created. */
  Job job(Cluster cluster) {
    Map<String, @Nullable Object> manifest = base(block);
    String container = nameContainer(manifest);
    addFields(manifest, container(manifest, container));
    manifest = customized(block, manifest);
    addOwn(manifest, container(manifest, container), container, cluster);
    return cluster.serialization().convertValue(manifest, Job.class);
  }

  @SuppressWarnings("unchecked")
  private static String nameContainer(Map<String, @Nullable Object> manifest) {
    Map<String, @Nullable Object> first =
        (Map<String, @Nullable Object>)
            Objects.requireNonNull(Manifests.list(podSpec(manifest), "containers").get(0));
    return String.valueOf(first.computeIfAbsent("name", missing -> DEFAULT_CONTAINER));
  }

  private void addFields(
      Map<String, @Nullable Object> manifest, Map<String, @Nullable Object> container) {
    if (block.image() != null) {
      container.put("image", block.image());
    } else {
      container.putIfAbsent("image", InfrastructureBlock.defaultImage());
    }
    if (command != null) {
      container.put("args", command.stream().map(JobManifest::escaped).toList());
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
    addResources(container);
    variables().forEach((key, value) -> putVariable(container, key, value));
    Map<String, @Nullable Object> spec = podSpec(manifest);
    putIfSet(spec, "serviceAccountName", block.serviceAccountName());
    if (!block.nodeSelector().isEmpty()) {
      Manifests.object(spec, "nodeSelector").putAll(block.nodeSelector());
    }
    block.tolerations().forEach(each -> Manifests.list(spec, "tolerations").add(each));
    block
        .imagePullSecrets()
        .forEach(each -> Manifests.list(spec, "imagePullSecrets").add(Map.of("name", each)));
    int number = 0;
    for (String each : block.volumes()) {
      JobFields.Volume volume = JobFields.volume(each);
      number++;
      mount(spec, container, "sheave-volume-" + number, volume);
    }
    Map<String, @Nullable Object> jobSpec = Manifests.object(manifest, "spec");
    putIfSet(jobSpec, "activeDeadlineSeconds", block.activeDeadlineSeconds());
    if (block.onDisruption() == OnDisruption.RESTART) {
      jobSpec.put(
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
      podMetadata(manifest, "annotations").putAll(block.podAnnotations());
    }
  }

  private static void putIfSet(
      Map<String, @Nullable Object> target, String key, @Nullable Object value) {
    if (value != null) {
      target.put(key, value);
    }
  }

  private static Map<String, @Nullable Object> podMetadata(
      Map<String, @Nullable Object> manifest, String kind) {
    Map<String, @Nullable Object> template =
        Manifests.object(Manifests.object(manifest, "spec"), "template");
    return Manifests.object(Manifests.object(template, "metadata"), kind);
  }

  private void addResources(Map<String, @Nullable Object> container) {
    addResource(container, "requests", "cpu", block.cpuRequest());
    addResource(container, "requests", "memory", block.memoryRequest());
    addResource(container, "limits", "cpu", block.cpuLimit());
    addResource(container, "limits", "memory", block.memoryLimit());
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

  private static void mount(
      Map<String, @Nullable Object> spec,
      Map<String, @Nullable Object> container,
      String name,
      JobFields.Volume volume) {
    Map<String, @Nullable Object> source = new LinkedHashMap<>(volume.source());
    source.put("name", name);
    Manifests.put(Manifests.list(spec, "volumes"), "name", source);
    Map<String, @Nullable Object> mount = new LinkedHashMap<>();
    mount.put("name", name);
    mount.put("mountPath", volume.path());
    if (volume.isReadOnly()) {
      mount.put("readOnly", true);
    }
    Manifests.put(Manifests.list(container, "volumeMounts"), "mountPath", mount);
  }

  /** The variables that are set. */
  private Map<String, String> variables() {
    Map<String, String> all = new LinkedHashMap<>();
    environment.forEach(
        (key, value) -> {
          if (value != null) {
            all.put(key, value);
          }
        });
    if (request.api().key().isPresent() && !environment.containsKey(API_KEY_FILE)) {
      all.put(API_KEY_FILE, KEY_FOLDER + "/" + KEY_NAME);
    }
    return all;
  }

  private static void putVariable(
      Map<String, @Nullable Object> container, String key, String value) {
    Map<String, @Nullable Object> variable = new LinkedHashMap<>();
    variable.put("name", key);
    variable.put("value", escaped(value));
    Manifests.put(Manifests.list(container, "env"), "name", variable);
  }

  /** A text in which the cluster replaces nothing: {@code $(NAME)} would be a variable. */
  private static String escaped(String text) {
    return text.replace("$", "$$");
  }

  /** Adds what customizations can't take away. */
  private void addOwn(
      Map<String, @Nullable Object> manifest,
      Map<String, @Nullable Object> container,
      String containerName,
      Cluster cluster) {
    Map<String, @Nullable Object> metadata = Manifests.object(manifest, "metadata");
    metadata.put("name", jobName());
    metadata.put("namespace", namespace(cluster));
    metadata.remove("generateName");
    for (Map<String, @Nullable Object> marks :
        List.of(Manifests.object(metadata, "labels"), podMetadata(manifest, "labels"))) {
      marks.putAll(validLabels());
    }
    for (Map<String, @Nullable Object> notes :
        List.of(Manifests.object(metadata, "annotations"), podMetadata(manifest, "annotations"))) {
      notes.putAll(fullLabels());
    }
    Manifests.object(metadata, "annotations").put(CONTAINER_ANNOTATION, containerName);
    List<@Nullable Object> present = Manifests.list(container, "env");
    variables()
        .forEach(
            (key, value) -> {
              if (!Manifests.has(present, "name", key)) {
                putVariable(container, key, value);
              }
            });
    putVariable(container, InfrastructureBlock.FLOW_RUN_ID, request.flowRunId().toString());
    putVariable(container, INFRASTRUCTURE_PID, pid(cluster));
    if (request.api().key().isPresent()) {
      mount(
          podSpec(manifest),
          container,
          KEY_VOLUME,
          new JobFields.Volume(
              Map.of("secret", Map.of("secretName", jobName(), "defaultMode", READABLE_BY_ALL)),
              KEY_FOLDER,
              true));
    }
  }

  private Map<String, String> validLabels() {
    Map<String, String> valid = new LinkedHashMap<>();
    labels.forEach(
        (key, value) -> {
          String validKey = KubernetesNames.labelKey(key);
          if (!validKey.isEmpty()) {
            valid.put(validKey, KubernetesNames.labelValue(value));
          }
        });
    valid.putAll(identity());
    return valid;
  }

  /** Labels that aren't valid as they are. */
  private Map<String, String> fullLabels() {
    return labels.entrySet().stream()
        .filter(each -> !each.getValue().equals(KubernetesNames.labelValue(each.getValue())))
        .filter(each -> !KubernetesNames.labelKey(each.getKey()).isEmpty())
        .collect(
            Collectors.toMap(
                each -> KubernetesNames.labelKey(each.getKey()),
                Map.Entry::getValue,
                (one, other) -> other,
                LinkedHashMap::new));
  }
}
