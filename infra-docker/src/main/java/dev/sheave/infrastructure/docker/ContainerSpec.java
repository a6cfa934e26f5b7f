package dev.sheave.infrastructure.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.core.command.CreateContainerCmdImpl;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.FieldChecks;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.ApiKeyFile;
import dev.sheave.infrastructure.ImageName;
import dev.sheave.infrastructure.InfrastructureBlock;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunVariables;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the container of a run is to be: a block with a request. */
final class ContainerSpec {
  /** The variables that have the address of the API; flows of Python have their own. */
  private static final List<String> API_URLS = List.of(RunVariables.API_URL, "PREFECT_API_URL");

  private static final Pattern NOT_IN_NAMES = Pattern.compile("[^a-zA-Z0-9_.-]+");

  /** The engine's own, in bytes. */
  private static final long MIN_MEMORY = 6L << 20;

  private static final int MAX_NAME = 200;
  private static final int ID_IN_NAME = 13;

  private final DockerContainer block;
  private final RunRequest request;
  private final String name;
  private final Map<String, String> labels;
  private final Map<String, @Nullable String> environment;
  private final List<String> command;

  /**
   * Describes a container.
   *
   * @param name what people call it
   * @param labels marks
   * @param environment variables; null unsets one
   * @param command what it executes
   */
  ContainerSpec(
      DockerContainer block,
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
    this.command = command == null ? InfrastructureBlock.imageCommand() : command;
  }

  /**
   * Checks the fields of a block that have a form.
   *
   * @throws SheaveException {@code INVALID} with all that is wrong
   */
  static void check(DockerContainer block) {
    FieldChecks checks =
        new FieldChecks()
            .check("image", () -> checkImage(block))
            .check("networks", () -> checkNetworks(block))
            .check("network_mode", () -> checkNetworkMode(block))
            .check("mem_limit", () -> checkMemory(block))
            .check("shm_size", () -> size(block.shmSize(), "shm_size"))
            .check("memswap_limit", () -> checkSwap(block))
            .check("cpus", () -> checkCpus(block))
            .check("stop_grace", () -> RunningInfrastructure.checkStopGrace(block.stopGrace()));
    Volumes.check(block, checks);
    block.extraHosts().forEach(each -> checks.check("extra_hosts", () -> checkExtraHost(each)));
    checks.throwIfAny();
  }

  private static void checkMemory(DockerContainer block) {
    Long memory = size(block.memLimit(), "mem_limit");
    if (memory != null && memory < MIN_MEMORY) {
      throw invalid("'mem_limit' must be 6m or more, not '" + block.memLimit() + "'.");
    }
  }

  private static void checkSwap(DockerContainer block) {
    String swap = block.memswapLimit();
    if (swap != null && !swap.equals("-1")) {
      long bytes = Sizes.bytes(swap, "memswap_limit");
      Long memory = size(block.memLimit(), "mem_limit");
      if (memory == null || bytes < memory) {
        throw invalid("'memswap_limit' requires a 'mem_limit' that isn't greater.");
      }
    }
  }

  private static void checkCpus(DockerContainer block) {
    if (block.cpus() != null && block.cpus() <= 0) {
      throw invalid("'cpus' must be greater than 0, not " + block.cpus() + ".");
    }
  }

  private static void checkExtraHost(String entry) {
    if (entry.indexOf(':') <= 0) {
      throw invalid("'extra_hosts' must be like 'NAME:ADDRESS', not '" + entry + "'.");
    }
  }

  private static void checkImage(DockerContainer block) {
    String image = block.image();
    if (image == null) {
      return;
    }
    ImageName.parse(image, "image");
    DockerRegistry account = block.imageRegistry();
    boolean mayBePulled = block.imagePullPolicy() != ImagePullPolicy.NEVER;
    if (account != null && mayBePulled && !RegistryLogin.isFor(account, image)) {
      throw invalid(
          "'image' '"
              + image
              + "' is in the registry '"
              + RegistryLogin.host(RegistryLogin.registryOf(image))
              + "', but 'image_registry' is an account at '"
              + RegistryLogin.host(account.registryUrl())
              + "', whose password no other registry may get; set an account of the image's"
              + " registry, or leave 'image_registry' out.");
    }
  }

  private static void checkNetworks(DockerContainer block) {
    if (block.networks().stream().anyMatch(String::isBlank)) {
      throw invalid("'networks' must be names of networks, none of them blank.");
    }
  }

  private static void checkNetworkMode(DockerContainer block) {
    if (block.networkMode() != null && block.networkMode().isBlank()) {
      throw invalid("'network_mode' can't be blank; leave it out for the default.");
    }
  }

  private static SheaveException invalid(String sentence) {
    return new SheaveException(Code.INVALID, sentence);
  }

  private static @Nullable Long size(@Nullable String text, String field) {
    return text == null ? null : (Long) Sizes.bytes(text, field);
  }

  DockerContainer block() {
    return block;
  }

  RunRequest request() {
    return request;
  }

  String image() {
    return Objects.requireNonNullElseGet(block.image(), InfrastructureBlock::defaultImage);
  }

  /** The labels by which the container is found. */
  Map<String, String> identity() {
    return Map.of(
        RunRequest.FLOW_RUN_ID_LABEL, request.flowRunId().toString(),
        RunRequest.ATTEMPT_LABEL, Integer.toString(request.attempt()));
  }

  /** The container's name, which is taken by the first who starts the run. */
  String name() {
    String text = NOT_IN_NAMES.matcher(name).replaceAll("-").replaceAll("^[_.-]+", "");
    String readable = text.length() > MAX_NAME ? text.substring(0, MAX_NAME) : text;
    return (readable.isEmpty() ? "run" : readable)
        + "-"
        + request.flowRunId().toString().substring(0, ID_IN_NAME)
        + (request.attempt() == 1 ? "" : "-" + request.attempt());
  }

  /** Networks that the container is connected to after it is made. */
  List<String> furtherNetworks() {
    return block.networks().isEmpty() || block.networkMode() != null
        ? block.networks()
        : block.networks().subList(1, block.networks().size());
  }

  /**
   * Refuses an API that a container can't reach.
   *
   * @throws SheaveException {@code INVALID}
   */
  void checkApi() {
    if (request.api().opensStore() && !block.env().containsKey(RunVariables.API_URL)) {
      throw invalid(
          "A container can't reach the records of its run in '"
              + request.api()
              + "'; start a server, and set "
              + RunVariables.API_URL
              + " of the agent to its address.");
    }
  }

  private boolean isApiLocal() {
    return request.api().reach() == ApiAccess.Reach.THIS_HOST;
  }

  private @Nullable String networkMode() {
    return ContainerNetwork.mode(block, isApiLocal());
  }

  private boolean sharesNetwork() {
    return ContainerNetwork.HOST.equals(networkMode());
  }

  /** The variables; the address of the API is one that the container reaches. */
  private List<String> variables() {
    Map<String, @Nullable String> all = new LinkedHashMap<>(environment);
    if (request.api().key().isPresent()) {
      all.putIfAbsent(RunVariables.API_KEY_FILE, ApiKeyFile.PATH);
    }
    if (isApiLocal() && !sharesNetwork()) {
      API_URLS.stream()
          .filter(name -> all.containsKey(name) && !block.env().containsKey(name))
          .forEach(name -> all.put(name, fromInside(request.api().url())));
    }
    return all.entrySet().stream()
        .map(
            each -> each.getValue() == null ? each.getKey() : each.getKey() + "=" + each.getValue())
        .toList();
  }

  private static String fromInside(String url) {
    URI local = URI.create(url);
    return url.replace(
        "//" + local.getRawAuthority(),
        "//"
            + ContainerNetwork.HOST_FROM_INSIDE
            + (local.getPort() < 0 ? "" : ":" + local.getPort()));
  }

  private List<String> extraHosts() {
    List<String> all = new ArrayList<>(block.extraHosts());
    if (isApiLocal() && !sharesNetwork() && ContainerNetwork.isLinux()) {
      all.add(ContainerNetwork.HOST_FROM_INSIDE + ":host-gateway");
    }
    return all;
  }

  private @Nullable List<DeviceRequest> devices() {
    String gpus = block.gpus();
    if (gpus == null) {
      return null;
    }
    DeviceRequest all =
        new DeviceRequest().withDriver("").withCapabilities(List.of(List.of("gpu")));
    if (gpus.equals("all")) {
      return List.of(all.withCount(-1));
    }
    return List.of(
        gpus.matches("\\d{1,4}")
            ? all.withCount(Integer.valueOf(gpus))
            : all.withDeviceIds(List.of(gpus.split("\\s*,\\s*"))));
  }

  private HostConfig hostConfig() {
    HostConfig config =
        HostConfig.newHostConfig()
            .withBinds(block.volumes().stream().map(Volumes::bind).toList())
            .withNetworkMode(networkMode())
            .withMemory(size(block.memLimit(), "mem_limit"))
            .withMemorySwap(swap())
            .withPrivileged(block.privileged())
            .withExtraHosts(extraHosts().toArray(String[]::new))
            .withReadonlyRootfs(block.readOnly())
            .withShmSize(size(block.shmSize(), "shm_size"))
            .withDeviceRequests(devices());
    Map<String, String> tmpfs = Volumes.tmpfs(block);
    if (!tmpfs.isEmpty()) {
      config.withTmpFs(tmpfs);
    }
    return block.cpus() == null ? config : config.withNanoCPUs(Math.round(block.cpus() * 1e9));
  }

  private @Nullable Long swap() {
    return "-1".equals(block.memswapLimit())
        ? Long.valueOf(-1)
        : size(block.memswapLimit(), "memswap_limit");
  }

  /** Fills a command that creates the container. */
  CreateContainerCmd fill(CreateContainerCmd create) {
    create
        .withName(name())
        .withLabels(labels)
        .withEnv(variables())
        .withCmd(command)
        .withHostConfig(hostConfig());
    if (block.entrypoint() != null) {
      create.withEntrypoint(block.entrypoint().isEmpty() ? List.of("") : block.entrypoint());
    }
    if (block.user() != null) {
      create.withUser(block.user());
    }
    if (block.platform() != null) {
      create.withPlatform(block.platform());
    }
    if (hasKeyVolume()) {
      create.withVolumes(new Volume(ApiKeyFile.FOLDER));
    }
    return create;
  }

  /** Files can be copied into a file system that is read-only only where a volume is. */
  boolean hasKeyVolume() {
    return block.readOnly() && request.api().key().isPresent();
  }

  /** The request to the engine, as JSON; keys aren't in it. */
  String preview() {
    CreateContainerCmd create =
        fill(
            new CreateContainerCmdImpl(
                command -> {
                  throw new IllegalStateException("a preview creates nothing");
                },
                null,
                image()));
    DockerClientConfig config =
        new EngineConfig(URI.create("unix:///"), RemoteApiVersion.UNKNOWN_VERSION);
    try {
      return "# POST /containers/create?name="
          + name()
          + "\n"
          + config.getObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(create);
    } catch (JsonProcessingException e) {
      throw new SheaveException(
          Code.INTERNAL, "The container can't be described: " + e.getMessage() + ".", e);
    }
  }
}
