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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the job of a run is to be: what users have written of it, and what Sheave needs itself,
 * which nothing can take away.
 */
final class JobManifest {
  static final String DEFAULT_NAMESPACE = "default";

  /** The annotation of a job that names the container which executes the run. */
  static final String CONTAINER_ANNOTATION = "sheave.dev/container";

  private static final String API_URL = "SHEAVE_API_URL";
  private static final String API_KEY_FILE = "SHEAVE_API_KEY_FILE";
  private static final String INFRASTRUCTURE_PID = "SHEAVE__INFRASTRUCTURE_PID";
  private static final String RESTARTS = "SHEAVE__RESTARTS";
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
    return JobTemplate.of(block).namespace().or(cluster::namespace).orElse(DEFAULT_NAMESPACE);
  }

  /** How other programs name the job. */
  String pid(Cluster cluster) {
    return cluster.id() + ":" + namespace(cluster) + ":" + jobName();
  }

  /**
   * Refuses an API that a pod can't reach.
   *
   * @throws SheaveException {@code INVALID}
   */
  void checkApi() {
    boolean isLocal =
        request.api().reach() == Reach.THIS_HOST && !JobTemplate.of(block).sharesNetwork();
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

  /** The job, with all that is to be known of it before it is created. */
  Job job(Cluster cluster) {
    JobTemplate template = JobTemplate.of(block, command, variables());
    addOwn(template, cluster);
    return cluster.serialization().convertValue(template.manifest(), Job.class);
  }

  /** The variables that are set. */
  private Map<String, String> variables() {
    Map<String, String> all = JobTemplate.setOf(environment);
    if (request.api().key().isPresent() && !environment.containsKey(API_KEY_FILE)) {
      all.put(API_KEY_FILE, KEY_FOLDER + "/" + KEY_NAME);
    }
    return all;
  }

  /** Adds what customizations can't take away. */
  private void addOwn(JobTemplate template, Cluster cluster) {
    Map<String, @Nullable Object> metadata = template.metadata();
    metadata.put("name", jobName());
    metadata.put("namespace", namespace(cluster));
    metadata.remove("generateName");
    for (Map<String, @Nullable Object> each : List.of(metadata, template.podMetadata())) {
      Manifests.object(each, "labels").putAll(validLabels());
      Manifests.object(each, "annotations").putAll(fullLabels());
    }
    Manifests.object(metadata, "annotations").put(CONTAINER_ANNOTATION, template.containerName());
    variables()
        .forEach(
            (key, value) -> {
              if (!template.hasVariable(key)) {
                template.putVariable(key, value);
              }
            });
    template.putVariable(InfrastructureBlock.FLOW_RUN_ID, request.flowRunId().toString());
    template.putVariable(INFRASTRUCTURE_PID, pid(cluster));
    if (template.replacesPods()) {
      template.putVariable(RESTARTS, "true");
    }
    if (request.api().key().isPresent()) {
      template.mount(
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
