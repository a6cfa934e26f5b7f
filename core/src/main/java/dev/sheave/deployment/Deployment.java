package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.Blocks;
import dev.sheave.flow.Entrypoint;
import dev.sheave.flow.FlowMethod;
import dev.sheave.flow.FlowReference;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.CurrentConnection;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.WritableStorage;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferListener;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferOptions.Layout;
import dev.sheave.storage.transfer.TransferSummary;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A flow with everything that its runs need: the location of its code, its infrastructure, and its
 * parameters.
 *
 * <pre>{@code
 * UUID id = Deployment.buildFromFlow(LogFlow::logFlow, "log-flow-s3")
 *     .storage(Block.load("s3/log-test"))
 *     .workQueueName("test")
 *     .apply();
 * }</pre>
 *
 * <p>Immutable. The static methods use the process's connection, see {@link
 * dev.sheave.Sheave#current()}.
 */
public final class Deployment {
  /** The default work queue. */
  public static final String DEFAULT_WORK_QUEUE = "default";

  private final Deployments connection;
  private final DeploymentValues values;
  private final @Nullable FlowCode code;
  private final @Nullable TransferSummary uploaded;
  private final Layout layout;

  Deployment(
      Deployments connection,
      DeploymentValues values,
      @Nullable FlowCode code,
      @Nullable TransferSummary uploaded) {
    this(connection, values, code, uploaded, Layout.KEEP);
  }

  Deployment(
      Deployments connection,
      DeploymentValues values,
      @Nullable FlowCode code,
      @Nullable TransferSummary uploaded,
      Layout layout) {
    this.connection = connection;
    this.values = values;
    this.code = code;
    this.uploaded = uploaded;
    this.layout = layout;
  }

  /** The blocks of the connection it was built through, with the types of its flow's code. */
  Blocks blocks() {
    return connection.blocks();
  }

  private static Deployments connection() {
    return CurrentConnection.service(Deployments.class);
  }

  /**
   * Starts a deployment of a flow method.
   *
   * @param flow a method reference; a lambda is refused
   * @param name the deployment's name, unique within the flow
   * @throws SheaveException {@code INVALID} if it isn't a flow
   */
  public static DeploymentBuilder buildFromFlow(FlowReference.Of0 flow, String name) {
    return connection().buildFromFlow(flow, name);
  }

  /**
   * Starts a deployment of a flow method with 1 parameter, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public static <A> DeploymentBuilder buildFromFlow(FlowReference.Of1<A> flow, String name) {
    return connection().buildFromFlow(flow, name);
  }

  /**
   * Starts a deployment of a flow method with 2 parameters, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public static <A, B> DeploymentBuilder buildFromFlow(FlowReference.Of2<A, B> flow, String name) {
    return connection().buildFromFlow(flow, name);
  }

  /**
   * Starts a deployment of a flow method with 3 parameters, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public static <A, B, C> DeploymentBuilder buildFromFlow(
      FlowReference.Of3<A, B, C> flow, String name) {
    return connection().buildFromFlow(flow, name);
  }

  /**
   * Starts a deployment of a flow method with 4 parameters, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public static <A, B, C, D> DeploymentBuilder buildFromFlow(
      FlowReference.Of4<A, B, C, D> flow, String name) {
    return connection().buildFromFlow(flow, name);
  }

  /**
   * Starts a deployment of a flow method with 5 parameters, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public static <A, B, C, D, E> DeploymentBuilder buildFromFlow(
      FlowReference.Of5<A, B, C, D, E> flow, String name) {
    return connection().buildFromFlow(flow, name);
  }

  /**
   * Starts a deployment of a flow method with 6 parameters, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public static <A, B, C, D, E, F> DeploymentBuilder buildFromFlow(
      FlowReference.Of6<A, B, C, D, E, F> flow, String name) {
    return connection().buildFromFlow(flow, name);
  }

  /**
   * Starts a deployment of a flow method with 7 parameters, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public static <A, B, C, D, E, F, G> DeploymentBuilder buildFromFlow(
      FlowReference.Of7<A, B, C, D, E, F, G> flow, String name) {
    return connection().buildFromFlow(flow, name);
  }

  /**
   * Starts a deployment of a flow method with 8 parameters, see {@link
   * #buildFromFlow(FlowReference.Of0, String)}.
   */
  public static <A, B, C, D, E, F, G, H> DeploymentBuilder buildFromFlow(
      FlowReference.Of8<A, B, C, D, E, F, G, H> flow, String name) {
    return connection().buildFromFlow(flow, name);
  }

  /** Starts a deployment of a flow that is named by its class and method. */
  public static DeploymentBuilder buildFromFlow(Class<?> owner, String method, String name) {
    return connection().buildFromFlow(owner, method, name);
  }

  /** Starts a deployment of a flow method. */
  public static DeploymentBuilder buildFromFlow(Method flow, String name) {
    return connection().buildFromFlow(flow, name);
  }

  /** Starts a deployment of a flow method, in the class that it is called on. */
  public static DeploymentBuilder buildFromFlow(FlowMethod flow, String name) {
    return connection().buildFromFlow(flow, name);
  }

  /** Reads a deployment from a YAML file, see {@link Deployments#fromYaml}. */
  public static Deployment fromYaml(Path file) {
    return connection().fromYaml(file);
  }

  /**
   * Loads a deployment that was applied.
   *
   * @param fullName {@code flow/deployment}
   * @throws SheaveException {@code NOT_FOUND} if it doesn't exist
   */
  public static Deployment load(String fullName) {
    return connection().load(fullName);
  }

  /**
   * Uploads the code.
   *
   * @return this deployment; its version is the digest of the uploaded files, unless it was set
   * @throws SheaveException {@code UNSUPPORTED} if it has no writable storage or no code to upload;
   *     see {@link WritableStorage#putDirectory} for the rest
   */
  public Deployment upload() {
    return upload(TransferListener.NONE);
  }

  /** Uploads the code, and notifies a listener of the progress. */
  public Deployment upload(TransferListener listener) {
    Arguments.notNull(listener, "listener");
    if (code == null) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          "The deployment '" + fullName() + "' has no code to upload; build it from its flow.");
    }
    if (!(values.storage() instanceof WritableStorage storage)) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          values.storage() == null
              ? "The deployment '" + fullName() + "' has no storage to upload to."
              : "The storage block '"
                  + values.storage().displayName()
                  + "' lacks the 'put-directory' capability, so nothing can be uploaded to it.");
    }
    FileTree files = code.files();
    code.checkHas(Entrypoint.parse(values.entrypoint()), files);
    TransferSummary summary =
        storage.putDirectory(
            files,
            storagePath(),
            TransferOptions.DEFAULTS.withListener(listener).withLayout(layout));
    DeploymentValues next =
        values.version() == null
            ? values.toBuilder().version(shortened(summary.digest())).build()
            : values;
    return new Deployment(connection, next, code, summary, layout);
  }

  private static String shortened(String digest) {
    return digest.substring(digest.indexOf(':') + 1).substring(0, 32);
  }

  /** Returns whether it has code to upload and storage to upload it to. */
  public boolean isUploadable() {
    return code != null && values.storage() instanceof WritableStorage;
  }

  /** Returns the result of the upload, for a deployment returned by {@link #upload()}. */
  public Optional<TransferSummary> uploadSummary() {
    return Optional.ofNullable(uploaded);
  }

  private RelativePath storagePath() {
    return RelativePath.of(values.path() == null ? "" : values.path());
  }

  /**
   * Writes this deployment as YAML, replacing an existing file.
   *
   * @throws SheaveException {@code INVALID} if the file can't be written
   */
  public void toYaml(Path file) {
    Arguments.notNull(file, "file");
    DeploymentWriter.write(this, connection.blocks(), file);
  }

  /** Returns this deployment as the YAML that {@link #toYaml(Path)} writes; secrets are masked. */
  public String toYaml() {
    return DeploymentWriter.format(this, connection.blocks());
  }

  /**
   * Registers this deployment: creates it, or replaces the existing one of the same flow and name.
   *
   * @return its id
   * @throws SheaveException {@code NOT_FOUND} or {@code CONFLICT} if its blocks aren't in the store
   */
  public UUID apply() {
    return connection.apply(this).deployment().id();
  }

  /**
   * Creates a run, due now.
   *
   * @param parameters values over the deployment's
   * @throws SheaveException {@code NOT_FOUND} if the deployment was not applied, {@code INVALID}
   *     for a parameter that is unknown or of the wrong type
   */
  public FlowRunHandle run(Map<String, ? extends @Nullable Object> parameters) {
    return connection.run(fullName(), RunOptions.DEFAULTS.withParameters(parameters));
  }

  /** Makes a run with the deployment's values, due now; see {@link #run(Map)}. */
  public FlowRunHandle run() {
    return run(Map.of());
  }

  /** The name, unique within the flow. */
  public String name() {
    return values.name();
  }

  /** The flow's name. */
  public String flowName() {
    return values.flowName();
  }

  /** {@code flow/deployment}. */
  public String fullName() {
    return values.flowName() + "/" + values.name();
  }

  /** The version of the code; empty until it is uploaded, unless it was set. */
  public Optional<String> version() {
    return Optional.ofNullable(values.version());
  }

  /** The description. */
  public Optional<String> description() {
    return Optional.ofNullable(values.description());
  }

  /** The tags. */
  public List<String> tags() {
    return values.tags();
  }

  /** The values runs start with; JSON values, with masks for secrets that aren't saved yet. */
  public Map<String, @Nullable Object> parameters() {
    return RunParameters.of(values).masked(values.parameters());
  }

  /** JSON schema of the flow's parameters. */
  public Map<String, @Nullable Object> parameterSchema() {
    return values.parameterSchema();
  }

  /** The queue its runs wait in. */
  public String workQueueName() {
    return values.workQueueName();
  }

  /** The infrastructure block of runs. */
  public Block infrastructure() {
    return values.infrastructure();
  }

  /** The overrides of the infrastructure block, by dotted key. */
  public Map<String, @Nullable Object> infraOverrides() {
    return values.infraOverrides();
  }

  /**
   * The storage block with the code; empty if the code is at {@link #path()} on the machine of the
   * run.
   */
  public Optional<Block> storage() {
    return Optional.ofNullable(values.storage());
  }

  /** The path of the code in the storage. */
  public Optional<String> path() {
    return Optional.ofNullable(values.path());
  }

  /** The entrypoint of the flow. */
  public String entrypoint() {
    return values.entrypoint();
  }

  /** The location of the code, such as {@code s3://bucket/folder/path}. */
  public String location() {
    return values.storage() instanceof ReadableStorage storage
        ? storage.location(storagePath())
        : path().orElse("");
  }

  DeploymentValues values() {
    return values;
  }

  /** Returns this deployment with code in a directory, for {@link #upload()}. */
  Deployment withCode(FlowCode other) {
    return new Deployment(connection, values, other, uploaded, layout);
  }

  /** Names the deployment. */
  @Override
  public String toString() {
    return "Deployment[" + fullName() + "]";
  }
}
