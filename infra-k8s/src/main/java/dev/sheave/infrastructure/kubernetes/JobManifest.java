package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.ApiAccess.Reach;
import dev.sheave.infrastructure.ApiKeyFile;
import dev.sheave.infrastructure.InfrastructureBlock;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunVariables;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private static final String KEY_VOLUME = "sheave-api-key";
  private static final int READABLE_BY_ALL = 0444;

  private final KubernetesJob block;
  private final RunRequest request;
  private final String name;
  private final Map<String, String> labels;
  private final Map<String, @Nullable String> environment;
  private final JobTemplate template;

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
    this.template = JobTemplate.of(block, command, variables());
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
    return namespace(block, template, cluster);
  }

  /** The namespace of a block's jobs. */
  static String namespace(KubernetesJob block, Cluster cluster) {
    return namespace(block, JobTemplate.of(block), cluster);
  }

  private static String namespace(KubernetesJob block, JobTemplate template, Cluster cluster) {
    return Optional.ofNullable(block.namespace())
        .or(template::namespace)
        .or(cluster::namespace)
        .orElse(DEFAULT_NAMESPACE);
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
    boolean isLocal = request.api().reach() == Reach.THIS_HOST && !template.sharesNetwork();
    if ((request.api().opensStore() || isLocal) && !block.env().containsKey(RunVariables.API_URL)) {
      throw new SheaveException(
          Code.INVALID,
          "A pod can't reach the records of its run in '"
              + request.api()
              + "'; start a server at an address that pods reach, and set "
              + RunVariables.API_URL
              + " of the agent to it, or 'env.SHEAVE_API_URL'"
              + (isLocal
                  ? "; or set 'hostNetwork' in the manifest if this machine is the pod's node."
                  : "."));
    }
  }

  /** The job, with all that is to be known of it before it is created. */
  Job job(Cluster cluster) {
    JobTemplate job = template.copy();
    addOwn(job, cluster);
    return cluster.serialization().convertValue(job.manifest(), Job.class);
  }

  /** The variables that are set. */
  private Map<String, String> variables() {
    Map<String, String> all = JobTemplate.setOf(environment);
    if (request.api().key().isPresent() && !environment.containsKey(RunVariables.API_KEY_FILE)) {
      all.put(RunVariables.API_KEY_FILE, ApiKeyFile.PATH);
    }
    return all;
  }

  /** Adds what customizations can't take away. */
  private void addOwn(JobTemplate job, Cluster cluster) {
    Map<String, @Nullable Object> metadata = job.metadata();
    metadata.put("name", jobName());
    metadata.put("namespace", namespace(cluster));
    metadata.remove("generateName");
    for (Map<String, @Nullable Object> each : List.of(metadata, job.podMetadata())) {
      Manifests.object(each, "labels").putAll(validLabels());
      Manifests.object(each, "annotations").putAll(fullLabels());
    }
    Manifests.object(metadata, "annotations").put(CONTAINER_ANNOTATION, job.containerName());
    variables()
        .forEach(
            (key, value) -> {
              if (!job.hasVariable(key)) {
                job.putVariable(key, value);
              }
            });
    job.putVariable(InfrastructureBlock.FLOW_RUN_ID, request.flowRunId().toString());
    job.putVariable(RunVariables.INFRASTRUCTURE_PID, pid(cluster));
    if (job.replacesPods()) {
      job.putVariable(RunVariables.RESTARTS, "true");
    }
    if (request.api().key().isPresent()) {
      job.mount(
          KEY_VOLUME,
          new JobFields.Volume(
              Map.of("secret", Map.of("secretName", jobName(), "defaultMode", READABLE_BY_ALL)),
              ApiKeyFile.FOLDER,
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
