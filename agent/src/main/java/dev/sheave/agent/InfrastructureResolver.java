package dev.sheave.agent;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.StateType;
import dev.sheave.block.Block;
import dev.sheave.flow.Entrypoint;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.InfraOverrides;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunVariables;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.internal.SheaveOnly;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where runs execute: the deployment's block, with the overrides of deployment and run; and what is
 * asked of it.
 */
final class InfrastructureResolver implements AutoCloseable {
  private static final UUID NO_RUN = new UUID(0, 0);

  private final Sheave sheave;
  private final RunAccess access;
  private volatile @Nullable UUID storeId;

  InfrastructureResolver(Sheave sheave) {
    this.sheave = sheave;
    this.access = new RunAccess(sheave);
  }

  /** Lets runs of agents that have died reach their records again. */
  void resumeAccess() {
    access.resume();
  }

  /** Stops the servers that were started for runs. */
  @Override
  public void close() {
    access.close();
  }

  /**
   * A run on its infrastructure.
   *
   * @param infrastructure where it executes
   * @param request what is executed
   */
  record Target(Infrastructure infrastructure, RunRequest request) {
    RunningInfrastructure start() {
      return infrastructure.start(request);
    }

    RunningInfrastructure attach(@Nullable String pid, @Nullable String position) {
      return infrastructure.attach(request, pid, position);
    }
  }

  /** What runs that were taken together have in common, loaded once, after that. */
  static final class Loaded {
    private final Map<UUID, Once<DeploymentRecord>> deployments = new ConcurrentHashMap<>();
    private final Map<UUID, Once<Block>> blocks = new ConcurrentHashMap<>();
  }

  /** Something that is loaded once, while all others who want it wait. */
  private static final class Once<T> {
    private @Nullable T value;

    synchronized T get(Supplier<T> load) {
      T known = value;
      if (known == null) {
        known = load.get();
        value = known;
      }
      return known;
    }
  }

  /** Returns whether a run is known to execute in the agent's own process. */
  boolean isOfAgent(FlowRunRecord run, Loaded loaded) {
    try {
      return infrastructure(run, deploymentOf(run, loaded), loaded).endsWithAgent();
    } catch (SheaveException e) {
      return false; // who starts it says so
    }
  }

  /**
   * Returns where a run is to be started.
   *
   * @param attempt which claim of the run it is for
   * @param output makes what takes what it prints
   * @param loaded what was loaded since the run was taken
   * @throws SheaveException {@code NOT_FOUND} if the block is gone, {@code INVALID} if it is no
   *     infrastructure, or an override doesn't fit it
   */
  Target toStart(
      FlowRunRecord run, int attempt, Function<Infrastructure, RunOutput> output, Loaded loaded) {
    @Nullable DeploymentRecord deployment = deploymentOf(run, loaded);
    Infrastructure where = infrastructure(run, deployment, loaded);
    boolean isPython = deployment != null && Entrypoint.isPython(deployment.spec().entrypoint());
    return new Target(
        where,
        request(
            run, deployment, access.of(run.id(), where, isPython), attempt, output.apply(where)));
  }

  /**
   * Returns where a run executes that was started before, perhaps by a block that is gone;
   * processes are found without it.
   */
  Target ofStarted(FlowRunRecord run, int attempt, RunOutput output) {
    Infrastructure where;
    @Nullable DeploymentRecord deployment = null;
    Loaded loaded = new Loaded();
    try {
      deployment = deploymentOf(run, loaded);
      where = infrastructure(run, deployment, loaded);
    } catch (SheaveException e) {
      if (!Set.of(Code.NOT_FOUND, Code.INVALID, Code.UNSUPPORTED).contains(e.code())) {
        throw e;
      }
      where = ProcessInfrastructure.builder().build();
      deployment = null;
    }
    return new Target(where, request(run, deployment, access.ofAgent(), attempt, output));
  }

  /** Returns a run that is to be started on an infrastructure that is given. */
  Target toStartOn(Infrastructure where, FlowRunRecord run, RunOutput output) {
    return new Target(where, request(run, null, access.of(run.id(), where, false), 1, output));
  }

  /** Returns what a run of a deployment would be, if there were one with those overrides. */
  Target example(DeploymentRecord deployment, Map<String, @Nullable Object> overrides) {
    return new Target(
        infrastructure(
            deployment.spec().infrastructureDocumentId(), deployment, overrides, new Loaded()),
        request(NO_RUN, "example", access.ofAgent())
            .flowName(deployment.flowName())
            .deployment(deployment)
            .build());
  }

  private @Nullable DeploymentRecord deploymentOf(FlowRunRecord run, Loaded loaded) {
    UUID id = run.deploymentId();
    return id == null
        ? null
        : loaded
            .deployments
            .computeIfAbsent(id, missing -> new Once<>())
            .get(() -> sheave.api().deployments().readDeployment(id));
  }

  private Infrastructure infrastructure(
      FlowRunRecord run, @Nullable DeploymentRecord deployment, Loaded loaded) {
    UUID own = run.infrastructureDocumentId();
    UUID document =
        own != null || deployment == null ? own : deployment.spec().infrastructureDocumentId();
    return infrastructure(document, deployment, run.infraOverrides(), loaded);
  }

  private Infrastructure infrastructure(
      @Nullable UUID document,
      @Nullable DeploymentRecord deployment,
      Map<String, @Nullable Object> overrides,
      Loaded loaded) {
    Block block =
        InfraOverrides.apply(
            sheave.blocks(),
            block(document, loaded),
            deployment == null
                ? List.of(overrides)
                : List.of(deployment.spec().infraOverrides(), overrides));
    if (block instanceof Infrastructure infrastructure) {
      return infrastructure;
    }
    throw new SheaveException(
        Code.INVALID, "The block '" + block.displayName() + "' isn't infrastructure.");
  }

  private Block block(@Nullable UUID documentId, Loaded loaded) {
    return documentId == null
        ? ProcessInfrastructure.builder().build()
        : loaded
            .blocks
            .computeIfAbsent(documentId, missing -> new Once<>())
            .get(() -> sheave.blocks().load(documentId));
  }

  private UUID storeId() {
    UUID known = storeId;
    if (known == null) {
      known = sheave.api().storeId();
      storeId = known;
    }
    return known;
  }

  private RunRequest request(
      FlowRunRecord run,
      @Nullable DeploymentRecord deployment,
      ApiAccess api,
      int attempt,
      RunOutput output) {
    Map<String, String> settings = new LinkedHashMap<>(sheave.settings(SheaveOnly.PASS));
    if (run.lease() != null) {
      settings.put(RunVariables.ATTEMPT, Integer.toString(attempt));
    }
    RunRequest.Builder builder =
        request(run.id(), run.name(), api)
            .settings(settings)
            .attempt(attempt)
            .flowName(run.flowName())
            .output(output.lines())
            .positions(output.positions());
    if (deployment != null) {
      builder.deployment(deployment);
    }
    if (run.state().type() == StateType.PENDING) { // otherwise it was read before it was taken
      builder.flowRun(run);
    }
    return builder
        .progress(
            sentence -> Submission.LOG.info("Flow run '{}' is starting: {}", run.id(), sentence))
        .build();
  }

  private RunRequest.Builder request(UUID id, String name, ApiAccess api) {
    return RunRequest.builder(id, name, api)
        .store(storeId())
        .settings(sheave.settings(SheaveOnly.PASS))
        .home(sheave.home());
  }
}
