package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentApi.Applied;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.Feature;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.Schedule;
import dev.sheave.block.Block;
import dev.sheave.block.Blocks;
import dev.sheave.flow.Entrypoint;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.flow.FlowLoader;
import dev.sheave.flow.FlowMethod;
import dev.sheave.flow.FlowReference;
import dev.sheave.flow.LoadedFlow;
import dev.sheave.flow.internal.FlowMethods;
import dev.sheave.infrastructure.InfraOverrides;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.MissingModule;
import dev.sheave.internal.SheaveOnly;
import dev.sheave.internal.Suggestions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds, loads and runs deployments over one connection; the static methods of {@link Deployment}
 * use it. Safe for use by several threads.
 */
public final class Deployments {
  private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);
  private static final Cleaner LOADED_FLOWS = Cleaner.create();

  private final OrchestrationApi api;
  private final Blocks blocks;
  private final Path home;

  /**
   * Creates an instance for a store's records.
   *
   * @param pass this is for Sheave alone; programs have {@code Sheave.deployments()}
   */
  public Deployments(SheaveOnly pass, OrchestrationApi api, Blocks blocks, Path home) {
    Arguments.notNull(pass, "pass");
    this.api = api;
    this.blocks = blocks;
    this.home = home;
  }

  Blocks blocks() {
    return blocks;
  }

  Path home() {
    return home;
  }

  /**
   * Starts a deployment of a flow method.
   *
   * @param flow a method reference; a lambda is refused
   * @param name the deployment's name, unique within the flow
   * @throws SheaveException {@code INVALID} if it isn't a flow
   */
  public DeploymentBuilder buildFromFlow(FlowReference.Of0 flow, String name) {
    return buildFromFlow(FlowReference.resolve(flow), name);
  }

  /**
   * Starts a deployment of a flow method with 1 parameter, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public <A> DeploymentBuilder buildFromFlow(FlowReference.Of1<A> flow, String name) {
    return buildFromFlow(FlowReference.resolve(flow), name);
  }

  /**
   * Starts a deployment of a flow method with 2 parameters, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public <A, B> DeploymentBuilder buildFromFlow(FlowReference.Of2<A, B> flow, String name) {
    return buildFromFlow(FlowReference.resolve(flow), name);
  }

  /**
   * Starts a deployment of a flow method with 3 parameters, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public <A, B, C> DeploymentBuilder buildFromFlow(FlowReference.Of3<A, B, C> flow, String name) {
    return buildFromFlow(FlowReference.resolve(flow), name);
  }

  /**
   * Starts a deployment of a flow method with 4 parameters, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public <A, B, C, D> DeploymentBuilder buildFromFlow(
      FlowReference.Of4<A, B, C, D> flow, String name) {
    return buildFromFlow(FlowReference.resolve(flow), name);
  }

  /**
   * Starts a deployment of a flow method with 5 parameters, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public <A, B, C, D, E> DeploymentBuilder buildFromFlow(
      FlowReference.Of5<A, B, C, D, E> flow, String name) {
    return buildFromFlow(FlowReference.resolve(flow), name);
  }

  /**
   * Starts a deployment of a flow method with 6 parameters, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public <A, B, C, D, E, F> DeploymentBuilder buildFromFlow(
      FlowReference.Of6<A, B, C, D, E, F> flow, String name) {
    return buildFromFlow(FlowReference.resolve(flow), name);
  }

  /**
   * Starts a deployment of a flow method with 7 parameters, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public <A, B, C, D, E, F, G> DeploymentBuilder buildFromFlow(
      FlowReference.Of7<A, B, C, D, E, F, G> flow, String name) {
    return buildFromFlow(FlowReference.resolve(flow), name);
  }

  /**
   * Starts a deployment of a flow method with 8 parameters, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public <A, B, C, D, E, F, G, H> DeploymentBuilder buildFromFlow(
      FlowReference.Of8<A, B, C, D, E, F, G, H> flow, String name) {
    return buildFromFlow(FlowReference.resolve(flow), name);
  }

  /** Starts a deployment of a flow that is named by its class and method. */
  public DeploymentBuilder buildFromFlow(Class<?> owner, String method, String name) {
    Arguments.notNull(name, "name");
    return buildFromFlow(FlowMethods.find(owner, method), name);
  }

  /**
   * Starts a deployment of a flow method of this program, see {@link
   * Deployment#buildFromFlow(Method, String)}.
   */
  public DeploymentBuilder buildFromFlow(Method flow, String name) {
    return buildFromFlow(FlowMethod.of(Arguments.notNull(flow, "flow")), name);
  }

  /** Starts a deployment of a flow method of this program, in the class that it is called on. */
  public DeploymentBuilder buildFromFlow(FlowMethod flow, String name) {
    Arguments.notNull(flow, "flow");
    return new DeploymentBuilder(
        this,
        FlowDefinition.of(flow),
        name,
        FlowCode.entrypointOf(flow),
        () -> FlowCode.of(flow, home));
  }

  /**
   * Starts a deployment of a flow in a directory, whose files are uploaded.
   *
   * @param directory the directory
   * @param entrypoint the flow, relative to the directory
   * @param name the deployment's name
   * @throws SheaveException {@code UNSUPPORTED} if {@code sheave-runtime} isn't on the class path,
   *     and as {@link FlowLoader#load} does
   */
  public DeploymentBuilder buildFromDirectory(Path directory, Entrypoint entrypoint, String name) {
    Arguments.notNull(directory, "directory");
    Arguments.notNull(entrypoint, "entrypoint");
    Arguments.notNull(name, "name");
    FlowLoader loader =
        ServiceLoader.load(FlowLoader.class, Deployments.class.getClassLoader())
            .findFirst()
            .orElseThrow(
                () ->
                    new SheaveException(
                        Code.UNSUPPORTED,
                        "Flows can't be loaded: "
                            + MissingModule.remedy("sheave-runtime", "dev.sheave.runtime")
                            + "."));
    Path base = directory.toAbsolutePath().normalize();
    LoadedFlow loaded = loader.load(base, entrypoint, blocks.registry());
    Deployments ofFlow =
        new Deployments(SheaveOnly.PASS, api, blocks.withTypes(loaded.blockTypes()), home);
    // values are read with the flow's classes, as long as there is a builder or a deployment
    LOADED_FLOWS.register(ofFlow, loaded::close);
    return new DeploymentBuilder(
        ofFlow,
        loaded.definition(),
        name,
        entrypoint,
        () -> new FlowCode.Directory(base, null, List.of()));
  }

  /**
   * Reads a deployment from a YAML file. Saved blocks are loaded by their names; edits of their
   * values in the file are ignored. A schedule that the file leaves out stays as it is in the
   * store; {@code schedule: null} removes it.
   *
   * @throws SheaveException {@code NOT_FOUND} if the file or a block doesn't exist; {@code
   *     INVALID}, with lines and columns, for invalid content: all problems at once
   */
  public Deployment fromYaml(Path file) {
    return fromYaml(file, LOG::warn);
  }

  /**
   * Reads a deployment from a YAML file, see {@link #fromYaml(Path)}.
   *
   * @param warnings receives a sentence for each part of the file that is ignored; by default they
   *     are logged
   */
  public Deployment fromYaml(Path file, Consumer<String> warnings) {
    Arguments.notNull(file, "file");
    Arguments.notNull(warnings, "warnings");
    return new Deployment(this, DeploymentReader.read(file, this, warnings), null, null);
  }

  /** Returns the JSON schema of deployment files, for editors. */
  public static String fileSchema() {
    try (InputStream in = Deployments.class.getResourceAsStream("deployment.schema.json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the jar of Sheave can't be read", e);
    }
  }

  /**
   * Returns a deployment whose {@link Deployment#upload()} uploads a directory.
   *
   * @param excluded files of the directory that aren't uploaded
   */
  public Deployment withCode(Deployment deployment, Path directory, List<Path> excluded) {
    Arguments.notNull(deployment, "deployment");
    Arguments.notNull(directory, "directory");
    Arguments.noneNull(excluded, "excluded");
    return deployment.withCode(
        new FlowCode.Directory(directory.toAbsolutePath().normalize(), null, excluded));
  }

  /** Finds a deployment's record by {@code flow/deployment}. */
  public Optional<DeploymentRecord> find(String fullName) {
    Arguments.notNull(fullName, "fullName");
    int slash = fullName.indexOf('/');
    if (slash <= 0 || slash == fullName.length() - 1) {
      throw new SheaveException(
          Code.INVALID,
          "'" + fullName + "' isn't a deployment name; write '<flow-name>/<deployment-name>'.");
    }
    return api.deployments()
        .findDeployment(fullName.substring(0, slash), fullName.substring(slash + 1));
  }

  /**
   * Reads a deployment's record by {@code flow/deployment}.
   *
   * @throws SheaveException {@code NOT_FOUND}, with the nearest name, if it doesn't exist
   */
  public DeploymentRecord read(String fullName) {
    return find(fullName)
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.NOT_FOUND,
                    "The deployment '"
                        + fullName
                        + "' doesn't exist."
                        + Suggestions.hint(
                            fullName,
                            api.deployments().listDeployments(Set.of(), Page.FIRST).stream()
                                .map(DeploymentRecord::fullName)
                                .toList())));
  }

  /** Loads a deployment, see {@link Deployment#load(String)}. */
  public Deployment load(String fullName) {
    return load(read(fullName));
  }

  private Deployment load(DeploymentRecord record) {
    DeploymentSpec spec = record.spec();
    return new Deployment(
        this,
        DeploymentValues.builder(
                spec.name(),
                record.flowName(),
                infrastructureOf(spec),
                spec.entrypoint() == null ? "" : spec.entrypoint())
            .version(spec.version())
            .description(spec.description())
            .tags(spec.tags())
            .parameters(spec.parameters())
            .parameterSchema(spec.parameterSchema())
            .workQueueName(
                spec.workQueueName() == null ? Deployment.DEFAULT_WORK_QUEUE : spec.workQueueName())
            .workPoolName(spec.workPoolName())
            .infraOverrides(spec.infraOverrides())
            .storage(
                spec.storageDocumentId() == null ? null : blocks.load(spec.storageDocumentId()))
            .path(spec.path())
            .schedule(spec.schedule())
            .isScheduleActive(spec.isScheduleActive())
            .timestamp(record.updated())
            .build(),
        null,
        null);
  }

  /** Registers a deployment, see {@link Deployment#apply()}, and tells whether it is new. */
  public Applied apply(Deployment deployment) {
    return applyAll(List.of(Arguments.notNull(deployment, "deployment"))).get(0);
  }

  /**
   * Registers several deployments, all or none: if one fails, those registered before it are
   * undone.
   *
   * @return the results, in the same order
   * @throws SheaveException {@code CONFLICT} if two are of the same flow and name, or their blocks
   *     aren't in the store; {@code NOT_FOUND} if a work pool doesn't exist
   */
  public List<Applied> applyAll(List<Deployment> deployments) {
    return new Registrations(api.deployments(), blocks)
        .register(Arguments.noneNull(deployments, "deployments"));
  }

  /**
   * Returns the changes that applying a deployment would make; nothing is written. If it was never
   * applied, all its fields are changes.
   */
  public List<FieldChange> changes(Deployment deployment) {
    Arguments.notNull(deployment, "deployment");
    DeploymentValues before =
        find(deployment.fullName()).map(record -> load(record).values()).orElse(null);
    return DeploymentChanges.between(before, deployment.values(), blocks);
  }

  /**
   * Creates a run of a deployment.
   *
   * @param fullName {@code flow/deployment}
   * @throws SheaveException {@code NOT_FOUND} if the deployment doesn't exist; {@code INVALID} for
   *     a parameter that is unknown, missing, or of the wrong type, and for an override that its
   *     infrastructure doesn't have
   */
  public FlowRunHandle run(String fullName, RunOptions options) {
    Arguments.notNull(options, "options");
    return run(read(fullName), options);
  }

  /** Creates a run of a deployment, see {@link #run(String, RunOptions)}. */
  public FlowRunHandle run(DeploymentRecord deployment, RunOptions options) {
    Arguments.notNull(deployment, "deployment");
    Arguments.notNull(options, "options");
    Map<String, @Nullable Object> parameters =
        RunParameters.of(deployment)
            .toStore(options.parameters(), deployment.spec().parameters(), blocks);
    Map<String, @Nullable Object> overrides = options.infraOverrides();
    if (!overrides.isEmpty()) {
      Block infrastructure = infrastructureOf(deployment.spec());
      overrides = InfraOverrides.normalize(infrastructure.getClass(), overrides);
      // what the block refuses would fail the run
      InfraOverrides.apply(
          blocks, infrastructure, List.of(deployment.spec().infraOverrides(), overrides));
    }
    return new FlowRunHandle(
        api.flowRuns(),
        api.flowRuns().createFlowRun(deployment.id(), options.toRun(parameters, overrides)));
  }

  /**
   * Checks the values of a run without a deployment, of a flow that is here. Blocks among them have
   * the types that the flow's code has.
   *
   * @return what is stored of them: references in place of secrets and blocks, which are saved
   * @throws SheaveException {@code INVALID}, with all that is wrong, for a parameter that doesn't
   *     exist, is missing, or has a value of the wrong type
   */
  public Map<String, @Nullable Object> runParameters(
      FlowDefinition flow, Map<String, ? extends @Nullable Object> values) {
    Arguments.notNull(values, "values");
    Arguments.notNull(flow, "flow").arguments(values, blocks);
    return new RunParameters("flow '" + flow.name() + "'", flow.parameterSchema())
        .toStore(values, Map.of(), blocks);
  }

  /** Returns the parameters that a run of a deployment would lack. */
  public List<String> missingParameters(
      DeploymentRecord deployment, Map<String, ? extends @Nullable Object> values) {
    Arguments.notNull(deployment, "deployment");
    Arguments.notNull(values, "values");
    return RunParameters.of(deployment).missing(values, deployment.spec().parameters());
  }

  /**
   * Checks a schedule, if this connection can; applying it is refused otherwise.
   *
   * @return whether times of it may be to come
   * @throws SheaveException {@code INVALID} if it can't be read or never comes
   */
  boolean checkSchedule(Schedule schedule) {
    return !api.features().contains(Feature.SCHEDULE_PREVIEW)
        || !api.deployments().previewSchedule(schedule, Instant.now(), 1).isEmpty();
  }

  private Block infrastructureOf(DeploymentSpec spec) {
    return spec.infrastructureDocumentId() == null
        ? blocks.create("process", Map.of())
        : blocks.load(spec.infrastructureDocumentId());
  }
}
