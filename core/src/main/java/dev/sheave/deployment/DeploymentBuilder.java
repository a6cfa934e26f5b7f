package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Change;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.Schedule;
import dev.sheave.block.Block;
import dev.sheave.block.BlockSchema;
import dev.sheave.flow.Entrypoint;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.infrastructure.InfraOverrides;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.InfrastructureBlock;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.LocalPaths;
import dev.sheave.internal.PrivateFiles;
import dev.sheave.storage.LocalFileSystem;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds a deployment. Values that aren't set are taken from the existing deployment of the same
 * flow and name, if any, else from the flow and the defaults. Not safe for use by several threads.
 */
public final class DeploymentBuilder {
  private static final Logger LOG = LoggerFactory.getLogger(DeploymentBuilder.class);

  private final Deployments connection;
  private final FlowDefinition flow;
  private final String name;
  private final Entrypoint entrypoint;
  private final Supplier<FlowCode> foundCode;

  private @Nullable String version;
  private @Nullable String description;
  private @Nullable List<String> tags;
  private @Nullable Map<String, @Nullable Object> parameters;
  private @Nullable String workQueueName;
  private @Nullable String workPoolName;
  private Change<Schedule> schedule = Change.keep();
  private @Nullable Block infrastructure;
  private @Nullable Map<String, @Nullable Object> infraOverrides;
  private @Nullable Block storage;
  private @Nullable String path;
  private @Nullable Path sourceDirectory;
  private @Nullable Path ignoreFile;
  private final List<Path> excluded = new ArrayList<>();
  private boolean loadExisting = true;
  private boolean skipUpload;
  private Layout layout = Layout.KEEP;

  DeploymentBuilder(
      Deployments connection,
      FlowDefinition flow,
      String name,
      Entrypoint entrypoint,
      Supplier<FlowCode> foundCode) {
    this.connection = connection;
    this.flow = flow;
    this.name = checkName(Arguments.notNull(name, "name"));
    this.entrypoint = entrypoint;
    this.foundCode = foundCode;
    connection.blocks().add(flow.blockClasses());
  }

  private static String checkName(String name) {
    if (name.isBlank()) {
      throw new SheaveException(Code.INVALID, "A deployment name must be provided.");
    }
    for (char forbidden : "/%&><".toCharArray()) {
      if (name.indexOf(forbidden) >= 0) {
        throw new SheaveException(
            Code.INVALID, "The deployment name '" + name + "' must not contain any of / % & > <.");
      }
    }
    return name;
  }

  /** The name of the flow that was found. */
  public String flowName() {
    return flow.name();
  }

  /** JSON schema of the flow's parameters. */
  public Map<String, @Nullable Object> parameterSchema() {
    return flow.parameterSchema();
  }

  /** Sets the version; by default the flow's, else the digest of what is uploaded. */
  public DeploymentBuilder version(String value) {
    this.version = Arguments.notNull(value, "version");
    return this;
  }

  /** Sets the description; by default the flow's. */
  public DeploymentBuilder description(String value) {
    this.description = Arguments.notNull(value, "description");
    return this;
  }

  /** Sets the tags. */
  public DeploymentBuilder tags(Collection<String> values) {
    this.tags = Arguments.noneNull(values, "tags");
    return this;
  }

  /** Sets the tags. */
  public DeploymentBuilder tags(String... values) {
    return tags(Arrays.asList(Arguments.notNull(values, "tags")));
  }

  /**
   * Sets the parameter values of runs: Java or JSON values, or strings to be converted.
   *
   * @throws SheaveException {@code INVALID} for an unknown parameter or a value of the wrong type
   */
  public DeploymentBuilder parameters(Map<String, ? extends @Nullable Object> values) {
    this.parameters = flow.check(Arguments.notNull(values, "parameters"), connection.blocks());
    return this;
  }

  /**
   * Sets one value runs start with, beside those that were set.
   *
   * @throws SheaveException see {@link #parameters}
   */
  public DeploymentBuilder parameter(String name, @Nullable Object value) {
    Map<String, @Nullable Object> one = new LinkedHashMap<>();
    one.put(Arguments.notNull(name, "name"), value);
    Map<String, @Nullable Object> all =
        parameters == null ? new LinkedHashMap<>() : new LinkedHashMap<>(parameters);
    all.putAll(flow.check(one, connection.blocks()));
    this.parameters = all;
    return this;
  }

  /** Sets the queue its runs wait in; by default {@value Deployment#DEFAULT_WORK_QUEUE}. */
  public DeploymentBuilder workQueueName(String value) {
    this.workQueueName = Arguments.notNull(value, "workQueueName");
    return this;
  }

  /** Sets the pool of the queue. */
  public DeploymentBuilder workPoolName(String value) {
    this.workPoolName = Arguments.notNull(value, "workPoolName");
    return this;
  }

  /** Sets when runs are created by themselves; null for never. */
  public DeploymentBuilder schedule(@Nullable Schedule value) {
    this.schedule = Change.to(value);
    return this;
  }

  /** Sets the infrastructure of runs; by default a process on the agent's machine. */
  public DeploymentBuilder infrastructure(Block value) {
    Arguments.notNull(value, "infrastructure");
    if (!(value instanceof Infrastructure)) {
      throw new SheaveException(
          Code.INVALID,
          "The block '"
              + value.displayName()
              + "' isn't infrastructure: it lacks the 'run-infrastructure' capability.");
    }
    connection.blocks().checkIsHere(value);
    this.infrastructure = value;
    return this;
  }

  /** Sets the overrides of the infrastructure block, see {@link InfraOverrides}. */
  public DeploymentBuilder infraOverrides(Map<String, ? extends @Nullable Object> values) {
    this.infraOverrides = new LinkedHashMap<>(Arguments.notNull(values, "infraOverrides"));
    return this;
  }

  /** Adds one override: {@code infraOverride("env.LOG_LEVEL", "DEBUG")}. */
  public DeploymentBuilder infraOverride(String key, @Nullable Object value) {
    Map<String, @Nullable Object> all =
        infraOverrides == null ? new LinkedHashMap<>() : infraOverrides;
    all.put(Arguments.notNull(key, "key"), value);
    this.infraOverrides = all;
    return this;
  }

  /** Sets the storage that the code is uploaded to and fetched from. */
  public DeploymentBuilder storage(Block value) {
    Arguments.notNull(value, "storage");
    if (!(value instanceof ReadableStorage)) {
      throw new SheaveException(
          Code.INVALID,
          "The block '"
              + value.displayName()
              + "' isn't storage: it lacks the 'get-directory' capability.");
    }
    connection.blocks().checkIsHere(value);
    this.storage = value;
    return this;
  }

  /**
   * Sets the path of the code in the storage; by default its base. Without storage it is where runs
   * find the code: by default its directory, or {@value InfrastructureBlock#CODE_IN_IMAGES} if runs
   * execute in an image.
   */
  public DeploymentBuilder path(String value) {
    this.path = Arguments.notNull(value, "path");
    return this;
  }

  /** Sets the directory whose files are uploaded, instead of the detected one. */
  public DeploymentBuilder sourceDirectory(Path value) {
    this.sourceDirectory = Arguments.notNull(value, "sourceDirectory").toAbsolutePath().normalize();
    return this;
  }

  /** Sets the file with the ignore rules, instead of the directory's {@code .sheaveignore}. */
  public DeploymentBuilder ignoreFile(Path value) {
    this.ignoreFile = Arguments.notNull(value, "ignoreFile");
    return this;
  }

  /** Excludes a file from the upload, such as the YAML file to be written. */
  public DeploymentBuilder exclude(Path value) {
    excluded.add(Arguments.notNull(value, "exclude"));
    return this;
  }

  /** Sets whether {@link #apply()} skips the upload. */
  public DeploymentBuilder skipUpload(boolean value) {
    this.skipUpload = value;
    return this;
  }

  /**
   * Sets whether the code is uploaded as one archive: far fewer requests for many small files, and
   * runs see either the old code or the new, even if an upload dies. By default, the layout of the
   * last upload to the place is kept; the first upload is file by file.
   */
  public DeploymentBuilder bundle(boolean value) {
    this.layout = value ? Layout.BUNDLE : Layout.PLAIN;
    return this;
  }

  /**
   * Sets whether values that aren't set are taken from an existing deployment; by default they are.
   */
  public DeploymentBuilder loadExisting(boolean value) {
    this.loadExisting = value;
    return this;
  }

  /**
   * Returns the deployment. Nothing is uploaded, written or registered. A flow whose results can't
   * be kept is warned of in the log.
   *
   * @throws SheaveException {@code INVALID} for overrides that the infrastructure doesn't have, for
   *     a schedule that can't be, and for a path that leads out of the storage; {@code UNSUPPORTED}
   *     for a class whose code can't be uploaded: from a source file that was started, a module, or
   *     a class loader that doesn't tell its class path
   */
  public Deployment build() {
    flow.resultWarning().ifPresent(LOG::warn);
    DeploymentRecord existing =
        loadExisting ? connection.find(flow.name() + "/" + name).orElse(null) : null;
    DeploymentSpec known = existing == null ? null : existing.spec();
    Block runsOn = infrastructure;
    if (runsOn == null) {
      runsOn =
          known == null || known.infrastructureDocumentId() == null
              ? connection.blocks().create("process", Map.of())
              : connection.blocks().load(known.infrastructureDocumentId());
    }
    Map<String, @Nullable Object> overrides =
        infraOverrides != null ? infraOverrides : known == null ? Map.of() : known.infraOverrides();
    Block keptIn = storage;
    if (keptIn == null && known != null && known.storageDocumentId() != null) {
      keptIn = connection.blocks().load(known.storageDocumentId());
    }
    String at = path != null ? path : known == null || storage != null ? null : known.path();
    FlowCode code = code();
    if (keptIn == null && code.directory() == null) {
      // a class path has to be put together somewhere, and this user's folder is where
      keptIn = storageOf(connection.home());
      at = path != null ? path : flow.name() + "/" + name;
    }
    if (keptIn == null && at == null) {
      at = hasImage(runsOn) ? InfrastructureBlock.CODE_IN_IMAGES : String.valueOf(code.directory());
    } else if (keptIn == null && runsOn instanceof ProcessInfrastructure && at != null) {
      at = LocalPaths.of(at).toString();
    } else if (keptIn != null && at != null) {
      RelativePath.of(at); // without an upload, only a run would see that it can't be
    }
    DeploymentValues values =
        DeploymentValues.builder(name, flow.name(), runsOn, entrypoint.toString())
            .version(version != null ? version : flow.version().orElse(null))
            .description(description != null ? description : flow.description().orElse(null))
            .tags(tags != null ? tags : known == null ? List.of() : known.tags())
            .parameters(
                parameters != null
                    ? parameters
                    : known == null ? Map.of() : kept(known.parameters()))
            .parameterSchema(flow.parameterSchema())
            .workQueueName(
                workQueueName != null
                    ? workQueueName
                    : known == null || known.workQueueName() == null
                        ? Deployment.DEFAULT_WORK_QUEUE
                        : known.workQueueName())
            .workPoolName(
                workPoolName != null ? workPoolName : known == null ? null : known.workPoolName())
            .infraOverrides(InfraOverrides.check(connection.blocks(), runsOn, overrides))
            .storage(keptIn)
            .path(at)
            .schedule(schedule.applyTo(known == null ? null : known.schedule()))
            .isScheduleActive(known == null ? null : known.isScheduleActive())
            .timestamp(Instant.now())
            .build();
    if (schedule.isSet()
        && values.schedule() != null
        && !connection.checkSchedule(values.schedule())) {
      LOG.warn("The schedule of '{}/{}' has ended: no run comes of it.", flow.name(), name);
    }
    return new Deployment(connection, values, code, null, layout);
  }

  /** Whether runs execute in an image, which may have the code. */
  private static boolean hasImage(Block infrastructure) {
    return BlockSchema.of(infrastructure.getClass()).fields().get("properties")
            instanceof Map<?, ?> fields
        && fields.containsKey("image");
  }

  private static LocalFileSystem storageOf(Path home) {
    try {
      PrivateFiles.createFolderIfMissing(home);
    } catch (IOException e) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          "The home '" + home + "' can't be created: " + IoReason.of(e, home) + ".",
          e);
    }
    return LocalFileSystem.builder().basepath(home.resolve("storage").toString()).build();
  }

  /** The flow may have changed since its deployment got its values. */
  private Map<String, @Nullable Object> kept(Map<String, @Nullable Object> values) {
    try {
      return flow.check(values, connection.blocks());
    } catch (SheaveException e) {
      throw new SheaveException(
          e.code(),
          "The deployment '"
              + flow.name()
              + "/"
              + name
              + "' has parameters that its flow doesn't take any more; give all parameters anew: "
              + e.getMessage(),
          e);
    }
  }

  private FlowCode code() {
    if (sourceDirectory != null) {
      return new FlowCode.Directory(sourceDirectory, ignoreFile, List.copyOf(excluded));
    }
    FlowCode code = foundCode.get();
    return code instanceof FlowCode.Directory found
        ? new FlowCode.Directory(found.directory(), ignoreFile, List.copyOf(excluded))
        : code;
  }

  /**
   * Uploads the code once, if it has writable storage, and registers the deployment.
   *
   * @return its id
   * @throws SheaveException as {@link #build()}, {@link Deployment#upload()} and {@link
   *     Deployment#apply()} do
   */
  public UUID apply() {
    Deployment deployment = build();
    return (deployment.isUploadable() && !skipUpload ? deployment.upload() : deployment).apply();
  }
}
