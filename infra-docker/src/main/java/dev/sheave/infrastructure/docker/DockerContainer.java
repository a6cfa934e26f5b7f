package dev.sheave.infrastructure.docker;

import dev.sheave.SheaveException;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.SaveMode;
import dev.sheave.infrastructure.ImageBuilder;
import dev.sheave.infrastructure.InfrastructureBlock;
import dev.sheave.infrastructure.RunNetwork;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.infrastructure.StandingRun;
import dev.sheave.storage.transfer.FileTree;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs flows in containers of Docker, or of Podman through its Docker API.
 *
 * <p>A container is named by the run and its attempt, and carries them as labels. Its environment
 * is that of the image, {@code SHEAVE__FLOW_RUN_ID}, {@code SHEAVE_API_URL} and the agent's log
 * level, overridden by the block's own. The API key is in a file that {@code SHEAVE_API_KEY_FILE}
 * names, which is copied into the container before it starts.
 *
 * <p>A container is there, with its output and exit code, until {@link
 * RunningInfrastructure#remove}. A pid is the engine's id and the container's, with a colon
 * between. A position in the output is, for each of its two streams, the engine's time of the last
 * line, and how many chunks had that time.
 */
@BlockType(
    slug = "docker-container",
    name = "Docker Container",
    description = "Run a flow in a new container of a Docker engine.",
    logo = "logos/docker-container.svg",
    documentationUrl = "https://sheave.dev/docs/docker",
    codeExample =
        """
        ```java
        DockerContainer container = Block.load("docker-container/BLOCK_NAME", DockerContainer.class);
        ```""")
public final class DockerContainer extends InfrastructureBlock implements ImageBuilder {
  private final @Nullable String image;
  private final @Nullable ImagePullPolicy imagePullPolicy;
  private final @Nullable DockerRegistry imageRegistry;
  private final List<String> networks;
  private final @Nullable String networkMode;
  private final boolean autoRemove;
  private final List<String> volumes;
  private final boolean streamOutput;
  private final @Nullable String memLimit;
  private final @Nullable String memswapLimit;
  private final boolean privileged;
  private final @Nullable Double cpus;
  private final @Nullable String gpus;
  private final @Nullable List<String> entrypoint;
  private final List<String> extraHosts;
  private final @Nullable String user;
  private final boolean readOnly;
  private final List<String> tmpfs;
  private final @Nullable String shmSize;
  private final @Nullable String platform;
  private final @Nullable Duration stopGrace;
  private final @Nullable String dockerHost;

  private DockerContainer(
      @BlockField(
              title = "Environment",
              description =
                  "Environment variables to set in the container; a null unsets one of the"
                      + " image's.",
              defaultValue = "{}")
          Map<String, @Nullable String> env,
      @BlockField(
              description = "Labels of the container, besides those that name its run.",
              defaultValue = "{}")
          Map<String, String> labels,
      @BlockField(
              description =
                  "The name of the container, to which a part of the run's id is added; by"
                      + " default the run's name.")
          @Nullable String name,
      @BlockField(description = "The command to run in place of Sheave's flow-run process.")
          @Nullable List<String> command,
      @BlockField(
              description = "The image; by default Sheave's own of the agent's version.",
              placeholder = "registry.example.com/flows:1.0")
          @Nullable String image,
      @BlockField(
              description =
                  "When the image is pulled. By default, always if its tag is latest or"
                      + " missing, else if it isn't present.")
          @Nullable ImagePullPolicy imagePullPolicy,
      @BlockField(
              description =
                  "The account with which the image is pulled, at the image's registry; by default"
                      + " that of the machine's Docker configuration.")
          @Nullable DockerRegistry imageRegistry,
      @BlockField(
              description = "Networks that the container is connected to, which must exist.",
              defaultValue = "[]")
          List<String> networks,
      @BlockField(
              description =
                  "The network mode: bridge, host, none or container:NAME. By default host"
                      + " if the API is reached at a loopback address on Linux and no networks are"
                      + " set, else the engine's.",
              placeholder = "host")
          @Nullable String networkMode,
      @BlockField(
              description =
                  "Whether the container is removed when its run's end is recorded. If not,"
                      + " it is kept until somebody removes it.",
              defaultValue = "true")
          boolean autoRemove,
      @BlockField(
              description = "Volumes and directories to mount: SOURCE:PATH, or SOURCE:PATH:ro.",
              placeholder = "/data/flows:/flows",
              defaultValue = "[]")
          List<String> volumes,
      @BlockField(
              description = "Whether the agent prints the output of the container.",
              defaultValue = "true")
          boolean streamOutput,
      @BlockField(
              title = "Memory Limit",
              description =
                  "The memory that the container may use: a number of bytes, or with a"
                      + " unit: 512m, 2g.",
              placeholder = "512m")
          @Nullable String memLimit,
      @BlockField(
              title = "Memory Swap Limit",
              description =
                  "The memory and swap space that the container may use together, or -1 for"
                      + " no limit. Requires a memory limit.",
              placeholder = "1g")
          @Nullable String memswapLimit,
      @BlockField(
              description = "Whether the container has the rights of root on the engine's machine.",
              defaultValue = "false")
          boolean privileged,
      @BlockField(
              title = "CPUs",
              description = "The processors that the container may use, in whole or in part.",
              placeholder = "1.5")
          @Nullable Double cpus,
      @BlockField(
              title = "GPUs",
              description =
                  "The GPUs that the container gets: all, a number, or the ids of devices"
                      + " with commas between.",
              placeholder = "all")
          @Nullable String gpus,
      @BlockField(description = "The entry point in place of the image's; an empty list for none.")
          @Nullable List<String> entrypoint,
      @BlockField(
              description = "Further host names: NAME:ADDRESS.",
              placeholder = "database:10.0.0.5",
              defaultValue = "[]")
          List<String> extraHosts,
      @BlockField(
              description = "The user, by name or number, and optionally the group: USER:GROUP.",
              placeholder = "1000:1000")
          @Nullable String user,
      @BlockField(
              description =
                  "Whether the container's file system can't be written, except for volumes"
                      + " and tmpfs. Where Sheave's own image writes is tmpfs then.",
              defaultValue = "false")
          boolean readOnly,
      @BlockField(
              description = "File systems in memory: PATH, or PATH:OPTIONS.",
              placeholder = "/tmp:size=64m",
              defaultValue = "[]")
          List<String> tmpfs,
      @BlockField(
              title = "Shared Memory Size",
              description = "The size of /dev/shm: a number of bytes, or with a unit.",
              placeholder = "64m")
          @Nullable String shmSize,
      @BlockField(
              description = "The platform of the image, if it has several.",
              placeholder = "linux/arm64")
          @Nullable String platform,
      @BlockField(
              description =
                  "How long a cancelled container may take to end before it is killed; by"
                      + " default as long as the agent says.")
          @Nullable Duration stopGrace,
      @BlockField(
              description =
                  "The engine: a unix, tcp, ssh or npipe URL. By default that of the docker"
                      + " command: DOCKER_HOST, DOCKER_CONTEXT, the current context, or the local"
                      + " socket.",
              placeholder = "unix:///var/run/docker.sock")
          @Nullable String dockerHost) {
    super(env, labels, name, command);
    this.image = image;
    this.imagePullPolicy = imagePullPolicy;
    this.imageRegistry = imageRegistry;
    this.networks = List.copyOf(networks);
    this.networkMode = networkMode;
    this.autoRemove = autoRemove;
    this.volumes = List.copyOf(volumes);
    this.streamOutput = streamOutput;
    this.memLimit = memLimit;
    this.memswapLimit = memswapLimit;
    this.privileged = privileged;
    this.cpus = cpus;
    this.gpus = gpus;
    this.entrypoint = entrypoint == null ? null : List.copyOf(entrypoint);
    this.extraHosts = List.copyOf(extraHosts);
    this.user = user;
    this.readOnly = readOnly;
    this.tmpfs = List.copyOf(tmpfs);
    this.shmSize = shmSize;
    this.platform = platform;
    this.stopGrace = stopGrace;
    this.dockerHost = dockerHost;
    ContainerSpec.check(this);
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

  /** When the image is pulled; null for the default. */
  public @Nullable ImagePullPolicy imagePullPolicy() {
    return imagePullPolicy;
  }

  /**
   * The account with which the image is pulled; null for that of the machine's Docker
   * configuration.
   */
  public @Nullable DockerRegistry imageRegistry() {
    return imageRegistry;
  }

  /** Networks that the container is connected to. */
  public List<String> networks() {
    return networks;
  }

  /** The network mode; null for the default. */
  public @Nullable String networkMode() {
    return networkMode;
  }

  /** Whether the container is removed when its run's end is recorded. */
  public boolean autoRemove() {
    return autoRemove;
  }

  /** What is mounted. */
  public List<String> volumes() {
    return volumes;
  }

  /** Whether the output of the container is streamed. */
  public boolean streamOutput() {
    return streamOutput;
  }

  /** The memory that the container may use; null for no limit. */
  public @Nullable String memLimit() {
    return memLimit;
  }

  /**
   * The memory and swap space that the container may use together; null for the engine's default.
   */
  public @Nullable String memswapLimit() {
    return memswapLimit;
  }

  /** Whether the container has the rights of root on the engine's machine. */
  public boolean privileged() {
    return privileged;
  }

  /** The processors that the container may use; null for all. */
  public @Nullable Double cpus() {
    return cpus;
  }

  /** The GPUs that the container gets; null for none. */
  public @Nullable String gpus() {
    return gpus;
  }

  /** The entry point; null for the image's. */
  public @Nullable List<String> entrypoint() {
    return entrypoint;
  }

  /** Further host names. */
  public List<String> extraHosts() {
    return extraHosts;
  }

  /** The user; null for the image's. */
  public @Nullable String user() {
    return user;
  }

  /** Whether the container's file system can't be written. */
  public boolean readOnly() {
    return readOnly;
  }

  /** File systems in memory. */
  public List<String> tmpfs() {
    return tmpfs;
  }

  /** The size of {@code /dev/shm}; null for the engine's default. */
  public @Nullable String shmSize() {
    return shmSize;
  }

  /** The platform of the image; null for the engine's. */
  public @Nullable String platform() {
    return platform;
  }

  /** How long a cancelled container may take to end; null for as long as the agent says. */
  public @Nullable Duration stopGrace() {
    return stopGrace;
  }

  /** The engine; null for that of the docker command. */
  public @Nullable String dockerHost() {
    return dockerHost;
  }

  @Override
  public RunningInfrastructure start(RunRequest request) {
    return new ContainerStart(engine(), spec(request)).start();
  }

  @Override
  public RunningInfrastructure attach(
      RunRequest request, @Nullable String pid, @Nullable String position) {
    return new ContainerSearch(engine(), spec(request)).attach(pid, position);
  }

  /**
   * {@inheritDoc}
   *
   * <p>With the host's network, and by default on Linux, it is the loopback device; else the
   * gateway of the container's network. Of an engine on another machine it isn't known.
   */
  @Override
  public Optional<RunNetwork> network() {
    return ContainerNetwork.of(this, this::engine);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Containers are found by their labels, on the engine that this block names.
   */
  @Override
  public List<StandingRun> standing(UUID store, Path home) {
    Objects.requireNonNull(store, "store");
    return StandingContainer.list(engine(), store);
  }

  @Override
  public String preview(RunRequest request) {
    return spec(request).preview();
  }

  /**
   * Checks that the engine responds and has the networks, with that of the mode, or the container
   * whose network the mode shares, and that the image is there or may be pulled.
   *
   * @throws SheaveException the reason if runs can't be started
   */
  @Override
  public void check() {
    new EngineCheck(engine(), this).run();
  }

  @Override
  public void buildImage(FileTree code, @Nullable String base, String imageName) {
    new CodeImage(
            engine(),
            Objects.requireNonNullElseGet(base, InfrastructureBlock::defaultImage),
            Objects.requireNonNull(imageName, "name"))
        .build(Objects.requireNonNull(code, "code"));
  }

  private Engine engine() {
    return Engine.at(DockerHost.find(dockerHost, System.getenv()));
  }

  private ContainerSpec spec(RunRequest request) {
    PreparedRun prepared = prepare(request);
    return new ContainerSpec(
        this,
        request,
        prepared.name(),
        prepared.labels(),
        prepared.environment(),
        prepared.command().orElse(null));
  }

  @Override
  public DockerContainer save(String blockName) {
    return save(blockName, SaveMode.CREATE);
  }

  @Override
  public DockerContainer save(String blockName, SaveMode mode) {
    return (DockerContainer) super.save(blockName, mode);
  }

  /** Builds a block. Not safe for use by several threads. */
  public static final class Builder extends InfrastructureBlock.Builder<DockerContainer, Builder> {
    private @Nullable String image;
    private @Nullable ImagePullPolicy imagePullPolicy;
    private @Nullable DockerRegistry imageRegistry;
    private List<String> networks = List.of();
    private @Nullable String networkMode;
    private boolean autoRemove = true;
    private List<String> volumes = List.of();
    private boolean streamOutput = true;
    private @Nullable String memLimit;
    private @Nullable String memswapLimit;
    private boolean privileged = false;
    private @Nullable Double cpus;
    private @Nullable String gpus;
    private @Nullable List<String> entrypoint;
    private List<String> extraHosts = List.of();
    private @Nullable String user;
    private boolean readOnly = false;
    private List<String> tmpfs = List.of();
    private @Nullable String shmSize;
    private @Nullable String platform;
    private @Nullable Duration stopGrace;
    private @Nullable String dockerHost;

    private Builder(@Nullable DockerContainer original) {
      super(original);
      if (original != null) {
        image = original.image();
        imagePullPolicy = original.imagePullPolicy();
        imageRegistry = original.imageRegistry();
        networks = original.networks();
        networkMode = original.networkMode();
        autoRemove = original.autoRemove();
        volumes = original.volumes();
        streamOutput = original.streamOutput();
        memLimit = original.memLimit();
        memswapLimit = original.memswapLimit();
        privileged = original.privileged();
        cpus = original.cpus();
        gpus = original.gpus();
        entrypoint = original.entrypoint();
        extraHosts = original.extraHosts();
        user = original.user();
        readOnly = original.readOnly();
        tmpfs = original.tmpfs();
        shmSize = original.shmSize();
        platform = original.platform();
        stopGrace = original.stopGrace();
        dockerHost = original.dockerHost();
      }
    }

    /** The image; Sheave's own by default. */
    public Builder image(@Nullable String value) {
      this.image = value;
      return this;
    }

    /**
     * When the image is pulled; by default, always if its tag is {@code latest} or missing, else if
     * it isn't present.
     */
    public Builder imagePullPolicy(@Nullable ImagePullPolicy value) {
      this.imagePullPolicy = value;
      return this;
    }

    /**
     * The account with which the image is pulled; that of the machine's Docker configuration by
     * default.
     */
    public Builder imageRegistry(@Nullable DockerRegistry value) {
      this.imageRegistry = value;
      return this;
    }

    /** Networks that the container is connected to. None by default. */
    public Builder networks(List<String> value) {
      this.networks = Objects.requireNonNull(value, "networks");
      return this;
    }

    /** The network mode; by default {@code host} if the API is at a loopback address on Linux. */
    public Builder networkMode(@Nullable String value) {
      this.networkMode = value;
      return this;
    }

    /** Whether the container is removed when its run's end is recorded; by default it is. */
    public Builder autoRemove(boolean value) {
      this.autoRemove = value;
      return this;
    }

    /** Volumes and directories to mount, like {@code /data:/data:ro}. None by default. */
    public Builder volumes(List<String> value) {
      this.volumes = Objects.requireNonNull(value, "volumes");
      return this;
    }

    /** Whether the output of the container is streamed; by default it is. */
    public Builder streamOutput(boolean value) {
      this.streamOutput = value;
      return this;
    }

    /** The memory that the container may use, like {@code 512m}; without limit by default. */
    public Builder memLimit(@Nullable String value) {
      this.memLimit = value;
      return this;
    }

    /**
     * The memory and swap space that the container may use together; the engine's default by
     * default.
     */
    public Builder memswapLimit(@Nullable String value) {
      this.memswapLimit = value;
      return this;
    }

    /**
     * Whether the container has the rights of root on the engine's machine; by default it doesn't.
     */
    public Builder privileged(boolean value) {
      this.privileged = value;
      return this;
    }

    /** The processors that the container may use; all by default. */
    public Builder cpus(@Nullable Double value) {
      this.cpus = value;
      return this;
    }

    /** The GPUs: {@code all}, a number, or ids; none by default. */
    public Builder gpus(@Nullable String value) {
      this.gpus = value;
      return this;
    }

    /** The entry point; the image's by default. */
    public Builder entrypoint(@Nullable List<String> value) {
      this.entrypoint = value;
      return this;
    }

    /** Further host names, like {@code database:10.0.0.5}. None by default. */
    public Builder extraHosts(List<String> value) {
      this.extraHosts = Objects.requireNonNull(value, "extra_hosts");
      return this;
    }

    /** The user; the image's by default. */
    public Builder user(@Nullable String value) {
      this.user = value;
      return this;
    }

    /** Whether the container's file system can't be written; by default it can. */
    public Builder readOnly(boolean value) {
      this.readOnly = value;
      return this;
    }

    /** File systems in memory, like {@code /tmp:size=64m}. None by default. */
    public Builder tmpfs(List<String> value) {
      this.tmpfs = Objects.requireNonNull(value, "tmpfs");
      return this;
    }

    /** The size of {@code /dev/shm}; the engine's default by default. */
    public Builder shmSize(@Nullable String value) {
      this.shmSize = value;
      return this;
    }

    /** The platform of the image; the engine's by default. */
    public Builder platform(@Nullable String value) {
      this.platform = value;
      return this;
    }

    /** How long a cancelled container may take to end; by default as long as the agent says. */
    public Builder stopGrace(@Nullable Duration value) {
      this.stopGrace = value;
      return this;
    }

    /** The engine; that of the docker command by default. */
    public Builder dockerHost(@Nullable String value) {
      this.dockerHost = value;
      return this;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected DockerContainer create() {
      return new DockerContainer(
          env(),
          labels(),
          name(),
          command(),
          image,
          imagePullPolicy,
          imageRegistry,
          networks,
          networkMode,
          autoRemove,
          volumes,
          streamOutput,
          memLimit,
          memswapLimit,
          privileged,
          cpus,
          gpus,
          entrypoint,
          extraHosts,
          user,
          readOnly,
          tmpfs,
          shmSize,
          platform,
          stopGrace,
          dockerHost);
    }
  }
}
