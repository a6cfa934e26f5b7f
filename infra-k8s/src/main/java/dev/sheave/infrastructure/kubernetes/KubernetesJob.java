package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.SaveMode;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.InfrastructureBlock;
import dev.sheave.infrastructure.RunNetwork;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.infrastructure.StandingRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs flows as jobs of Kubernetes.
 *
 * <p>A job is named by the run and its attempt, and carries them as labels. Its environment is that
 * of the image, {@code SHEAVE__FLOW_RUN_ID}, {@code SHEAVE_API_URL} and the agent's log level,
 * overridden by the block's own. The API key is in a secret that belongs to the job, and that is
 * mounted as the file that {@code SHEAVE_API_KEY_FILE} names.
 *
 * <p>A job is there, with its output and exit code, until {@link RunningInfrastructure#remove}. A
 * pid is the cluster's id, the namespace and the job's name, with colons between. A position in the
 * output is the pod, the newest time of its lines so far, and how many lines are of that time or up
 * to two seconds older.
 */
@BlockType(
    slug = "kubernetes-job",
    name = "Kubernetes Job",
    description = "Run a flow as a job of a Kubernetes cluster.",
    logo = "logos/kubernetes-job.svg",
    documentationUrl = "https://sheave.dev/docs/kubernetes",
    codeExample =
        """
        ```java
        KubernetesJob job = Block.load("kubernetes-job/BLOCK_NAME", KubernetesJob.class);
        ```""")
public final class KubernetesJob extends InfrastructureBlock {
  private final @Nullable String image;
  private final @Nullable String namespace;
  private final @Nullable String serviceAccountName;
  private final @Nullable ImagePullPolicy imagePullPolicy;
  private final @Nullable KubernetesClusterConfig clusterConfig;
  private final @Nullable Object job;
  private final @Nullable Object customizations;
  private final @Nullable Integer jobWatchTimeoutSeconds;
  private final int podWatchTimeoutSeconds;
  private final boolean streamOutput;
  private final @Nullable Integer finishedJobTtl;
  private final @Nullable String cpuRequest;
  private final @Nullable String cpuLimit;
  private final @Nullable String memoryRequest;
  private final @Nullable String memoryLimit;
  private final Map<String, String> nodeSelector;
  private final List<Map<String, @Nullable Object>> tolerations;
  private final List<String> imagePullSecrets;
  private final List<String> volumes;
  private final Map<String, String> podAnnotations;
  private final @Nullable Integer activeDeadlineSeconds;
  private final OnDisruption onDisruption;

  private KubernetesJob(
      @BlockField(
              title = "Environment",
              description = "Environment variables to set in the pod; a null leaves one out.",
              defaultValue = "{}")
          Map<String, @Nullable String> env,
      @BlockField(
              description = "Labels of the job and its pod, besides those that name the run.",
              defaultValue = "{}")
          Map<String, String> labels,
      @BlockField(
              description =
                  "The name of the job, to which a part of the run's id is added; by default the"
                      + " run's name.")
          @Nullable String name,
      @BlockField(description = "The command to run in place of Sheave's flow-run process.")
          @Nullable List<String> command,
      @BlockField(
              description = "The image; by default Sheave's own of the agent's version.",
              placeholder = "registry.example.com/flows:1.0")
          @Nullable String image,
      @BlockField(
              description =
                  "The namespace of the job; by default that of the manifest, of the context, or"
                      + " 'default'.")
          @Nullable String namespace,
      @BlockField(description = "The service account of the pod.")
          @Nullable String serviceAccountName,
      @BlockField(
              description =
                  "When the image is pulled. By default, always if its tag is latest or missing,"
                      + " else if it isn't present.")
          @Nullable ImagePullPolicy imagePullPolicy,
      @BlockField(
              description =
                  "The cluster; by default that of kubectl on the agent's machine, or the cluster"
                      + " that the agent runs in.")
          @Nullable KubernetesClusterConfig clusterConfig,
      @BlockField(
              title = "Base Job Manifest",
              description =
                  "The manifest that the job is made from: an object, or a string with YAML. The"
                      + " first container executes the run.")
          @Nullable Object job,
      @BlockField(
              description =
                  "Changes to the manifest: a list of operations of JSON patch, which may also have"
                      + " elements like {\"merge\": {...}}, or an object for a strategic merge; or a"
                      + " string with YAML.")
          @Nullable Object customizations,
      @BlockField(
              description =
                  "How many seconds the run may take, with its start; then the job is deleted, and the"
                      + " run has crashed. No limit by default.")
          @Nullable Integer jobWatchTimeoutSeconds,
      @BlockField(
              description =
                  "How many seconds the pod may take to start; then the job is deleted, and the run"
                      + " has crashed.",
              defaultValue = "60")
          int podWatchTimeoutSeconds,
      @BlockField(
              description = "Whether the agent prints the output of the pod.",
              defaultValue = "true")
          boolean streamOutput,
      @BlockField(
              title = "Finished Job TTL",
              description =
                  "How many seconds the job is kept after it has finished. By default it is deleted when"
                      + " its run's end is recorded.")
          @Nullable Integer finishedJobTtl,
      @BlockField(
              title = "CPU Request",
              description = "The processors that the pod needs.",
              placeholder = "500m")
          @Nullable String cpuRequest,
      @BlockField(
              title = "CPU Limit",
              description = "The processors that the pod may use.",
              placeholder = "1.5")
          @Nullable String cpuLimit,
      @BlockField(description = "The memory that the pod needs.", placeholder = "512Mi")
          @Nullable String memoryRequest,
      @BlockField(description = "The memory that the pod may use.", placeholder = "1Gi")
          @Nullable String memoryLimit,
      @BlockField(description = "Labels that the pod's node must have.", defaultValue = "{}")
          Map<String, String> nodeSelector,
      @BlockField(
              description =
                  "Taints of nodes that the pod tolerates, as objects of a pod's manifest.",
              placeholder = "[{\"key\": \"gpu\", \"operator\": \"Exists\"}]",
              defaultValue = "[]")
          List<Map<String, @Nullable Object>> tolerations,
      @BlockField(
              description = "The names of secrets with the accounts that the image is pulled with.",
              defaultValue = "[]")
          List<String> imagePullSecrets,
      @BlockField(
              description =
                  "What is mounted: secret:NAME:PATH, config-map:NAME:PATH or claim:NAME:PATH; with"
                      + " :ro at the end, a claim can't be written.",
              placeholder = "claim:data:/data",
              defaultValue = "[]")
          List<String> volumes,
      @BlockField(description = "Annotations of the pod.", defaultValue = "{}")
          Map<String, String> podAnnotations,
      @BlockField(
              description =
                  "How many seconds the cluster lets the job be active before it ends it. No limit by"
                      + " default.")
          @Nullable Integer activeDeadlineSeconds,
      @BlockField(
              description =
                  "What becomes of a run whose pod is evicted, preempted or on a node that is lost:"
                      + " it has crashed, or a new pod restarts it.",
              defaultValue = "crash")
          OnDisruption onDisruption) {
    super(env, labels, name, command);
    this.image = image;
    this.namespace = namespace;
    this.serviceAccountName = serviceAccountName;
    this.imagePullPolicy = imagePullPolicy;
    this.clusterConfig = clusterConfig;
    this.job = job;
    this.customizations = customizations;
    this.jobWatchTimeoutSeconds = jobWatchTimeoutSeconds;
    this.podWatchTimeoutSeconds = podWatchTimeoutSeconds;
    this.streamOutput = streamOutput;
    this.finishedJobTtl = finishedJobTtl;
    this.cpuRequest = cpuRequest;
    this.cpuLimit = cpuLimit;
    this.memoryRequest = memoryRequest;
    this.memoryLimit = memoryLimit;
    this.nodeSelector = Map.copyOf(nodeSelector);
    this.tolerations = Manifests.frozen(tolerations);
    this.imagePullSecrets = List.copyOf(imagePullSecrets);
    this.volumes = List.copyOf(volumes);
    this.podAnnotations = Map.copyOf(podAnnotations);
    this.activeDeadlineSeconds = activeDeadlineSeconds;
    this.onDisruption = onDisruption;
    JobFields.check(this);
  }

  /** Starts a block. */
  public static Builder builder() {
    return new Builder(null);
  }

  /** Starts a changed copy of this block. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** The image; null for Sheave's own. */
  public @Nullable String image() {
    return image;
  }

  /** The namespace; null for that of the manifest or the context. */
  public @Nullable String namespace() {
    return namespace;
  }

  /** The service account; null for the namespace's default. */
  public @Nullable String serviceAccountName() {
    return serviceAccountName;
  }

  /** When the image is pulled; null for the cluster's default. */
  public @Nullable ImagePullPolicy imagePullPolicy() {
    return imagePullPolicy;
  }

  /** The cluster; null for that of kubectl. */
  public @Nullable KubernetesClusterConfig clusterConfig() {
    return clusterConfig;
  }

  /** The base manifest, as a map or a string with YAML; null for Sheave's own. */
  public @Nullable Object job() {
    return job;
  }

  /** Changes to the manifest; null for none. */
  public @Nullable Object customizations() {
    return customizations;
  }

  /** How many seconds the run may take; null for no limit. */
  public @Nullable Integer jobWatchTimeoutSeconds() {
    return jobWatchTimeoutSeconds;
  }

  /** How many seconds the pod may take to start. */
  public int podWatchTimeoutSeconds() {
    return podWatchTimeoutSeconds;
  }

  /** Whether the output of the pod is streamed. */
  public boolean streamOutput() {
    return streamOutput;
  }

  /** How many seconds the job is kept after its end; null to delete it. */
  public @Nullable Integer finishedJobTtl() {
    return finishedJobTtl;
  }

  /** The processors that the pod needs; null for none in particular. */
  public @Nullable String cpuRequest() {
    return cpuRequest;
  }

  /** The processors that the pod may use; null for no limit. */
  public @Nullable String cpuLimit() {
    return cpuLimit;
  }

  /** The memory that the pod needs; null for none in particular. */
  public @Nullable String memoryRequest() {
    return memoryRequest;
  }

  /** The memory that the pod may use; null for no limit. */
  public @Nullable String memoryLimit() {
    return memoryLimit;
  }

  /** Labels that the pod's node must have. */
  public Map<String, String> nodeSelector() {
    return nodeSelector;
  }

  /** Taints that the pod tolerates. */
  public List<Map<String, @Nullable Object>> tolerations() {
    return tolerations;
  }

  /** Secrets that the image is pulled with. */
  public List<String> imagePullSecrets() {
    return imagePullSecrets;
  }

  /** What is mounted. */
  public List<String> volumes() {
    return volumes;
  }

  /** Annotations of the pod. */
  public Map<String, String> podAnnotations() {
    return podAnnotations;
  }

  /** How long the cluster lets the job be active, in seconds; null for no limit. */
  public @Nullable Integer activeDeadlineSeconds() {
    return activeDeadlineSeconds;
  }

  /** What becomes of a run whose pod is evicted, preempted or on a node that is lost. */
  public OnDisruption onDisruption() {
    return onDisruption;
  }

  @Override
  public RunningInfrastructure start(RunRequest request) {
    return new JobStart(cluster(), manifest(request)).start();
  }

  @Override
  public RunningInfrastructure attach(
      RunRequest request, @Nullable String pid, @Nullable String position) {
    return new JobSearch(cluster(), manifest(request)).attach(pid, position);
  }

  /**
   * {@inheritDoc}
   *
   * <p>With the host's network it is the loopback device, if the cluster's node is this machine;
   * else this machine's address in the network of the node. Of nodes elsewhere it isn't known.
   */
  @Override
  public Optional<RunNetwork> network() {
    return cluster().network().find(JobTemplate.of(this).sharesNetwork());
  }

  /**
   * {@inheritDoc}
   *
   * <p>Jobs are found by their labels, in the namespace of this block.
   */
  @Override
  public List<StandingRun> standing(UUID store, Path home) {
    Cluster cluster = cluster();
    return StandingJob.list(
        cluster, JobManifest.namespace(this, cluster), Objects.requireNonNull(store, "store"));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The cluster completes the manifest, if it can be reached: a server-side dry run.
   */
  @Override
  public String preview(RunRequest request) {
    return new JobPreview(cluster(), manifest(request)).text();
  }

  /**
   * Checks that the cluster responds, has what this block names, and lets jobs be created.
   *
   * @throws SheaveException the reason if runs can't be started
   */
  @Override
  public void check() {
    RunRequest example =
        RunRequest.builder(UUID.randomUUID(), "example", ApiAccess.to("https://sheave.test/api"))
            .build();
    new ClusterCheck(cluster(), this, manifest(example)).run();
  }

  private Cluster cluster() {
    return Cluster.of(clusterConfig);
  }

  private JobManifest manifest(RunRequest request) {
    PreparedRun prepared = prepare(request);
    return new JobManifest(
        this,
        request,
        prepared.name(),
        prepared.labels(),
        prepared.environment(),
        prepared.command().orElse(null));
  }

  @Override
  public KubernetesJob save(String blockName) {
    return save(blockName, SaveMode.CREATE);
  }

  @Override
  public KubernetesJob save(String blockName, SaveMode mode) {
    return (KubernetesJob) super.save(blockName, mode);
  }

  /** Builds a block. Not safe for use by several threads. */
  public static final class Builder extends InfrastructureBlock.Builder<KubernetesJob, Builder> {
    private @Nullable String image;
    private @Nullable String namespace;
    private @Nullable String serviceAccountName;
    private @Nullable ImagePullPolicy imagePullPolicy;
    private @Nullable KubernetesClusterConfig clusterConfig;
    private @Nullable Object job;
    private @Nullable Object customizations;
    private @Nullable Integer jobWatchTimeoutSeconds;
    private int podWatchTimeoutSeconds = 60;
    private boolean streamOutput = true;
    private @Nullable Integer finishedJobTtl;
    private @Nullable String cpuRequest;
    private @Nullable String cpuLimit;
    private @Nullable String memoryRequest;
    private @Nullable String memoryLimit;
    private Map<String, String> nodeSelector = Map.of();
    private List<Map<String, @Nullable Object>> tolerations = List.of();
    private List<String> imagePullSecrets = List.of();
    private List<String> volumes = List.of();
    private Map<String, String> podAnnotations = Map.of();
    private @Nullable Integer activeDeadlineSeconds;
    private OnDisruption onDisruption = OnDisruption.CRASH;

    private Builder(@Nullable KubernetesJob original) {
      super(original);
      if (original != null) {
        image = original.image;
        namespace = original.namespace;
        serviceAccountName = original.serviceAccountName;
        imagePullPolicy = original.imagePullPolicy;
        clusterConfig = original.clusterConfig;
        job = original.job;
        customizations = original.customizations;
        jobWatchTimeoutSeconds = original.jobWatchTimeoutSeconds;
        podWatchTimeoutSeconds = original.podWatchTimeoutSeconds;
        streamOutput = original.streamOutput;
        finishedJobTtl = original.finishedJobTtl;
        cpuRequest = original.cpuRequest;
        cpuLimit = original.cpuLimit;
        memoryRequest = original.memoryRequest;
        memoryLimit = original.memoryLimit;
        nodeSelector = original.nodeSelector;
        tolerations = original.tolerations;
        imagePullSecrets = original.imagePullSecrets;
        volumes = original.volumes;
        podAnnotations = original.podAnnotations;
        activeDeadlineSeconds = original.activeDeadlineSeconds;
        onDisruption = original.onDisruption;
      }
    }

    /** The image; Sheave's own by default. */
    public Builder image(@Nullable String value) {
      this.image = value;
      return this;
    }

    /** The namespace; that of the manifest or the context by default. */
    public Builder namespace(@Nullable String value) {
      this.namespace = value;
      return this;
    }

    /** The service account; the namespace's default by default. */
    public Builder serviceAccountName(@Nullable String value) {
      this.serviceAccountName = value;
      return this;
    }

    /** When the image is pulled; the cluster's default by default. */
    public Builder imagePullPolicy(@Nullable ImagePullPolicy value) {
      this.imagePullPolicy = value;
      return this;
    }

    /** The cluster; that of kubectl by default. */
    public Builder clusterConfig(@Nullable KubernetesClusterConfig value) {
      this.clusterConfig = value;
      return this;
    }

    /** The base manifest, as a map or a string with YAML; Sheave's own by default. */
    public Builder job(@Nullable Object value) {
      this.job = value;
      return this;
    }

    /** Changes to the manifest; none by default. */
    public Builder customizations(@Nullable Object value) {
      this.customizations = value;
      return this;
    }

    /** How many seconds the run may take; no limit by default. */
    public Builder jobWatchTimeoutSeconds(@Nullable Integer value) {
      this.jobWatchTimeoutSeconds = value;
      return this;
    }

    /** How many seconds the pod may take to start; 60 by default. */
    public Builder podWatchTimeoutSeconds(int value) {
      this.podWatchTimeoutSeconds = value;
      return this;
    }

    /** Whether the output of the pod is streamed; by default it is. */
    public Builder streamOutput(boolean value) {
      this.streamOutput = value;
      return this;
    }

    /** How many seconds the job is kept after its end; it is deleted by default. */
    public Builder finishedJobTtl(@Nullable Integer value) {
      this.finishedJobTtl = value;
      return this;
    }

    /** The processors that the pod needs, like {@code 500m}; none by default. */
    public Builder cpuRequest(@Nullable String value) {
      this.cpuRequest = value;
      return this;
    }

    /** The processors that the pod may use, like {@code 1.5}; no limit by default. */
    public Builder cpuLimit(@Nullable String value) {
      this.cpuLimit = value;
      return this;
    }

    /** The memory that the pod needs, like {@code 512Mi}; none by default. */
    public Builder memoryRequest(@Nullable String value) {
      this.memoryRequest = value;
      return this;
    }

    /** The memory that the pod may use, like {@code 1Gi}; no limit by default. */
    public Builder memoryLimit(@Nullable String value) {
      this.memoryLimit = value;
      return this;
    }

    /** Labels that the pod's node must have. None by default. */
    public Builder nodeSelector(Map<String, String> value) {
      this.nodeSelector = Objects.requireNonNull(value, "node_selector");
      return this;
    }

    /** Taints that the pod tolerates. None by default. */
    public Builder tolerations(List<Map<String, @Nullable Object>> value) {
      this.tolerations = Objects.requireNonNull(value, "tolerations");
      return this;
    }

    /** Secrets that the image is pulled with. None by default. */
    public Builder imagePullSecrets(List<String> value) {
      this.imagePullSecrets = Objects.requireNonNull(value, "image_pull_secrets");
      return this;
    }

    /** What is mounted, like {@code claim:data:/data:ro}. None by default. */
    public Builder volumes(List<String> value) {
      this.volumes = Objects.requireNonNull(value, "volumes");
      return this;
    }

    /** Annotations of the pod. None by default. */
    public Builder podAnnotations(Map<String, String> value) {
      this.podAnnotations = Objects.requireNonNull(value, "pod_annotations");
      return this;
    }

    /** How long the cluster lets the job be active, in seconds; no limit by default. */
    public Builder activeDeadlineSeconds(@Nullable Integer value) {
      this.activeDeadlineSeconds = value;
      return this;
    }

    /** What becomes of a run whose pod is evicted; by default it has crashed. */
    public Builder onDisruption(OnDisruption value) {
      this.onDisruption = Objects.requireNonNull(value, "on_disruption");
      return this;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected KubernetesJob create() {
      return new KubernetesJob(
          env(),
          labels(),
          name(),
          command(),
          image,
          namespace,
          serviceAccountName,
          imagePullPolicy,
          clusterConfig,
          job,
          customizations,
          jobWatchTimeoutSeconds,
          podWatchTimeoutSeconds,
          streamOutput,
          finishedJobTtl,
          cpuRequest,
          cpuLimit,
          memoryRequest,
          memoryLimit,
          nodeSelector,
          tolerations,
          imagePullSecrets,
          volumes,
          podAnnotations,
          activeDeadlineSeconds,
          onDisruption);
    }
  }
}
