package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.flow.Entrypoint;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.Settings;
import dev.sheave.internal.Version;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A flow run to be executed. Immutable. */
public final class RunRequest {
  /** The label with the run's id. */
  public static final String FLOW_RUN_ID_LABEL = "sheave.dev/flow-run-id";

  /** The label with the id of the store that has the run's record. */
  public static final String STORE_ID_LABEL = "sheave.dev/store-id";

  /** The label with the run's name. */
  public static final String FLOW_RUN_NAME_LABEL = "sheave.dev/flow-run-name";

  /** The label with the attempt's number. */
  public static final String ATTEMPT_LABEL = "sheave.dev/attempt";

  /** The label with the name of the run's flow. */
  public static final String FLOW_NAME_LABEL = "sheave.dev/flow-name";

  /** The label with the id of the run's deployment. */
  public static final String DEPLOYMENT_ID_LABEL = "sheave.dev/deployment-id";

  /** The label with the name of the run's deployment. */
  public static final String DEPLOYMENT_NAME_LABEL = "sheave.dev/deployment-name";

  /** The label with the time of the last change of the run's deployment, in UTC. */
  public static final String DEPLOYMENT_UPDATED_LABEL = "sheave.dev/deployment-updated";

  /** The label with the version of Sheave that started the run. */
  public static final String VERSION_LABEL = "sheave.dev/version";

  /** What is found by these labels is the run's, so that nothing may stand in their place. */
  static final Set<String> IDENTITY = Set.of(FLOW_RUN_ID_LABEL, ATTEMPT_LABEL, STORE_ID_LABEL);

  private final UUID flowRunId;
  private final String name;
  private final @Nullable FlowRunRecord flowRun;
  private final @Nullable DeploymentRecord deployment;
  private final int attempt;
  private final ApiAccess api;
  private final Map<String, String> labels;
  private final Map<String, String> settings;
  private final boolean isPython;
  private final Path home;
  private final Consumer<String> output;
  private final Consumer<String> positions;
  private final Consumer<String> progress;

  private RunRequest(Builder builder) {
    this.flowRunId = builder.flowRunId;
    this.name = builder.name;
    this.flowRun = builder.flowRun;
    this.deployment = builder.deployment;
    this.attempt = builder.attempt;
    this.api = builder.api;
    Map<String, String> all = new LinkedHashMap<>();
    all.put(FLOW_RUN_ID_LABEL, flowRunId.toString());
    all.put(FLOW_RUN_NAME_LABEL, name);
    all.put(ATTEMPT_LABEL, Integer.toString(attempt));
    all.put(VERSION_LABEL, Version.current());
    all.putAll(builder.labels);
    this.labels = Collections.unmodifiableMap(all);
    this.settings = builder.settings;
    this.isPython = builder.isPython;
    this.home = builder.home;
    this.output = builder.output;
    this.positions = builder.positions;
    this.progress = builder.progress;
  }

  /**
   * Starts a request.
   *
   * @param flowRunId the run
   * @param name what people call it
   * @param api how the run reaches its records
   */
  public static Builder builder(UUID flowRunId, String name, ApiAccess api) {
    return new Builder(flowRunId, name, api);
  }

  /** The run. */
  public UUID flowRunId() {
    return flowRunId;
  }

  /** What people call the run. */
  public String name() {
    return name;
  }

  /**
   * The run's record as it was when the run was taken, so that it needn't be read again; empty if
   * it was read before that, or isn't known.
   */
  public Optional<FlowRunRecord> flowRun() {
    return Optional.ofNullable(flowRun);
  }

  /**
   * The record of the run's deployment, as it was after the run was taken; empty if it has none, or
   * that isn't known.
   */
  public Optional<DeploymentRecord> deployment() {
    return Optional.ofNullable(deployment);
  }

  /** Which attempt at the run it is, from 1: the infrastructure is named by run and attempt. */
  public int attempt() {
    return attempt;
  }

  /** How the run reaches its records. */
  public ApiAccess api() {
    return api;
  }

  /**
   * What to mark the infrastructure with, where it has labels: the run, its attempt and its store;
   * its flow, its deployment, and the version of Sheave, which the block's own labels may replace.
   */
  public Map<String, String> labels() {
    return labels;
  }

  /**
   * Environment variables by which the run has further settings of the program that starts it; no
   * secrets.
   */
  public Map<String, String> settings() {
    return settings;
  }

  /** Whether the flow is one of Python, so that a program of Python executes the run. */
  public boolean isPython() {
    return isPython;
  }

  /** {@code SHEAVE_HOME} of the program that starts the run, for processes on the same machine. */
  public Path home() {
    return home;
  }

  /** Takes the lines of the run's standard output and error, if the block streams them. */
  public Consumer<String> output() {
    return output;
  }

  /**
   * Takes the place after a line, as of {@link RunningInfrastructure#position()}, when {@link
   * #output()} has taken the line and before it gets the next.
   */
  public Consumer<String> positions() {
    return positions;
  }

  /** Takes sentences about what the start of the run waits for, such as a download. */
  public Consumer<String> progress() {
    return progress;
  }

  /** Builds a request. Not safe for use by several threads. */
  public static final class Builder {
    private final UUID flowRunId;
    private final String name;
    private final ApiAccess api;
    private final Map<String, String> labels = new LinkedHashMap<>();
    private @Nullable FlowRunRecord flowRun;
    private @Nullable DeploymentRecord deployment;
    private int attempt = 1;
    private Map<String, String> settings = Map.of();
    private boolean isPython;
    private Path home = Settings.home(System.getenv());
    private Consumer<String> output = line -> {};
    private Consumer<String> positions = place -> {};
    private Consumer<String> progress = sentence -> {};

    private Builder(UUID flowRunId, String name, ApiAccess api) {
      this.flowRunId = Arguments.notNull(flowRunId, "flowRunId");
      this.name = Arguments.notNull(name, "name");
      this.api = Arguments.notNull(api, "api");
    }

    /** Sets the run's record, as it was when the run was taken; none by default. */
    public Builder flowRun(FlowRunRecord run) {
      this.flowRun = Arguments.notNull(run, "flowRun");
      return this;
    }

    /** Sets which attempt at the run it is; 1 by default. */
    public Builder attempt(int number) {
      this.attempt = number;
      return this;
    }

    /**
     * Adds the label of the {@linkplain OrchestrationApi#storeId() store} with the run's record.
     */
    public Builder store(UUID id) {
      return label(STORE_ID_LABEL, Arguments.notNull(id, "store").toString());
    }

    /** Adds the label of the run's flow. */
    public Builder flowName(String flow) {
      return label(FLOW_NAME_LABEL, Arguments.notNull(flow, "flow"));
    }

    /**
     * Sets the record of the run's deployment: adds its labels, and takes the language from its
     * entrypoint. None by default.
     */
    public Builder deployment(DeploymentRecord deployment) {
      this.deployment = Arguments.notNull(deployment, "deployment");
      this.isPython = Entrypoint.isPython(deployment.spec().entrypoint());
      return label(DEPLOYMENT_ID_LABEL, deployment.id().toString())
          .label(DEPLOYMENT_NAME_LABEL, deployment.spec().name())
          .label(DEPLOYMENT_UPDATED_LABEL, deployment.updated().toString());
    }

    /** Adds a label. */
    public Builder label(String key, String value) {
      labels.put(Arguments.notNull(key, "key"), Arguments.notNull(value, "value"));
      return this;
    }

    /** Sets environment variables with further settings for the run; none by default. */
    public Builder settings(Map<String, String> variables) {
      this.settings = Map.copyOf(Arguments.notNull(variables, "settings"));
      return this;
    }

    /** Sets the home for processes; by default this process's {@code SHEAVE_HOME}. */
    public Builder home(Path folder) {
      this.home = Arguments.notNull(folder, "home");
      return this;
    }

    /**
     * Sets what takes the lines of output; they are dropped by default. It is called from other
     * threads, one line at a time, and must not block for long.
     */
    public Builder output(Consumer<String> lines) {
      this.output = Arguments.notNull(lines, "output");
      return this;
    }

    /**
     * Sets what takes the place after each line when the line was taken; nothing by default. It is
     * called as {@link #output} is.
     */
    public Builder positions(Consumer<String> places) {
      this.positions = Arguments.notNull(places, "positions");
      return this;
    }

    /** Sets what takes sentences about what the start waits for; they are dropped by default. */
    public Builder progress(Consumer<String> sentences) {
      this.progress = Arguments.notNull(sentences, "progress");
      return this;
    }

    /**
     * Returns the request.
     *
     * @throws SheaveException {@code INVALID} if the attempt is less than 1
     */
    public RunRequest build() {
      if (attempt < 1) {
        throw new SheaveException(
            Code.INVALID, "The attempt at a flow run must be 1 or more, not " + attempt + ".");
      }
      return new RunRequest(this);
    }
  }
}
