package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.LogLevel;
import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.SaveMode;
import dev.sheave.internal.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs flows in processes on this machine.
 *
 * <p>A process outlives the program that started it: it has a session of its own, and its output
 * goes to a file. It is a Java virtual machine like this one, unless a command is set. Its
 * environment variables are those of the starting program, {@code SHEAVE__FLOW_RUN_ID}, {@code
 * SHEAVE_API_URL}, {@code SHEAVE_HOME} and that program's profile and log level, overridden by the
 * block's own; the API key is the first line of standard input, the encryption key the second.
 * {@code SHEAVE_RUNTIME_JAVA_OPTIONS} holds further options for the virtual machine, separated by
 * spaces.
 */
@BlockType(
    slug = "process",
    name = "Process",
    description =
        "Run a flow in a new process on the agent's machine. The process inherits the agent's"
            + " environment variables; the block's own override them.",
    logo = "logos/process.svg",
    documentationUrl = "https://sheave.dev/docs/infrastructure#process",
    codeExample =
        """
        ```java
        ProcessInfrastructure process = Block.load("process/BLOCK_NAME", ProcessInfrastructure.class);
        ```""")
public final class ProcessInfrastructure extends Block implements Infrastructure {
  /** The environment variable that tells a process which run it is for. */
  public static final String FLOW_RUN_ID = "SHEAVE__FLOW_RUN_ID";

  /** The variable that tells a process its own name, as {@code infrastructure_pid} has it. */
  public static final String INFRASTRUCTURE_PID = "SHEAVE__INFRASTRUCTURE_PID";

  /** The variable that names the directory of the code of a run that has no deployment. */
  public static final String CODE = "SHEAVE__CODE";

  /** The variable that names the flow of a run that has no deployment. */
  public static final String ENTRYPOINT = "SHEAVE__ENTRYPOINT";

  private final Map<String, @Nullable String> env;
  private final Map<String, String> labels;
  private final @Nullable String name;
  private final @Nullable List<String> command;
  private final boolean streamOutput;
  private final @Nullable String workingDir;

  private ProcessInfrastructure(
      @BlockField(
              title = "Environment",
              description =
                  "Environment variables to set in the process; a null unsets one of the agent's.",
              defaultValue = "{}")
          Map<String, @Nullable String> env,
      @BlockField(
              description = "Labels of the infrastructure; processes don't use them.",
              defaultValue = "{}")
          Map<String, String> labels,
      @BlockField(description = "The name of the process in log lines.") @Nullable String name,
      @BlockField(description = "The command to run in place of Sheave's flow-run process.")
          @Nullable List<String> command,
      @BlockField(
              description = "Whether the agent prints the output of the process.",
              defaultValue = "true")
          boolean streamOutput,
      @BlockField(
              description =
                  "The working directory of the process. By default, an empty one that is removed"
                      + " afterwards.",
              placeholder = "/srv/flows")
          @Nullable String workingDir) {
    if (command != null && command.isEmpty()) {
      throw new SheaveException(
          Code.INVALID, "A process cannot be run with an empty command; leave 'command' out.");
    }
    checkLoggingLevel(env.get(Settings.LOGGING_LEVEL));
    this.env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    this.labels = Map.copyOf(labels);
    this.name = name;
    this.command = command == null ? null : List.copyOf(command);
    this.streamOutput = streamOutput;
    this.workingDir = workingDir;
  }

  /** Checks the level that the process of a run is to log from; null for the agent's. */
  static void checkLoggingLevel(@Nullable Object level) {
    if (level != null) {
      LogLevel.check(Settings.LOGGING_LEVEL, level.toString());
    }
  }

  /** Starts a block. */
  public static Builder builder() {
    return new Builder(null);
  }

  /** Starts a changed copy of this block. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Environment variables to set; null unsets one. */
  public Map<String, @Nullable String> env() {
    return env;
  }

  /**
   * Labels; processes don't use them, but overrides may be shared with infrastructure that does.
   */
  public Map<String, String> labels() {
    return labels;
  }

  /** The name of the process in log lines; null for the run's name. */
  public @Nullable String name() {
    return name;
  }

  /** The command; null for Sheave's own. */
  public @Nullable List<String> command() {
    return command;
  }

  /** Whether the output of the process is streamed. */
  public boolean streamOutput() {
    return streamOutput;
  }

  /** The working directory of the process; null for an empty one of its own. */
  public @Nullable String workingDir() {
    return workingDir;
  }

  @Override
  public RunningInfrastructure start(RunRequest request) {
    return new ProcessStart(this, request).start();
  }

  @Override
  public RunningInfrastructure attach(UUID flowRunId, String pid) {
    return AttachedProcess.find(flowRunId, pid);
  }

  @Override
  public void endLeftovers(UUID flowRunId, String pid, Duration grace) {
    AttachedProcess.endLeftovers(flowRunId, pid, grace);
  }

  /**
   * Finds the process that was started for a run, by this program or one that died before it could
   * say so, by what it noted in the home.
   *
   * @param home {@code SHEAVE_HOME} of the program that started it
   * @param flowRunId the run
   * @return its name as {@link RunningInfrastructure#pid()} has it, whether it is gone or not;
   *     empty if none is noted
   */
  public static Optional<String> findStarted(Path home, UUID flowRunId) {
    return RunFolder.pidOf(home, flowRunId);
  }

  @Override
  public ProcessInfrastructure save(String blockName) {
    return save(blockName, SaveMode.CREATE);
  }

  @Override
  public ProcessInfrastructure save(String blockName, SaveMode mode) {
    return (ProcessInfrastructure) super.save(blockName, mode);
  }

  /** Builds a block. Not safe for use by several threads. */
  public static final class Builder extends Block.Builder<ProcessInfrastructure> {
    private Map<String, @Nullable String> env = Map.of();
    private Map<String, String> labels = Map.of();
    private @Nullable String name;
    private @Nullable List<String> command;
    private boolean streamOutput = true;
    private @Nullable String workingDir;

    private Builder(@Nullable ProcessInfrastructure original) {
      super(original);
      if (original != null) {
        env = original.env;
        labels = original.labels;
        name = original.name;
        command = original.command;
        streamOutput = original.streamOutput;
        workingDir = original.workingDir;
      }
    }

    /** Environment variables to set; null unsets one of the starting program's. None by default. */
    public Builder env(Map<String, @Nullable String> variables) {
      this.env = variables;
      return this;
    }

    /** Labels. None by default. */
    public Builder labels(Map<String, String> marks) {
      this.labels = marks;
      return this;
    }

    /** The name of the process in log lines; the run's name by default. */
    public Builder name(@Nullable String text) {
      this.name = text;
      return this;
    }

    /** The command; Sheave's own by default. */
    public Builder command(@Nullable List<String> words) {
      this.command = words;
      return this;
    }

    /** Whether the output of the process is streamed; by default it is. */
    public Builder streamOutput(boolean isHandedOn) {
      this.streamOutput = isHandedOn;
      return this;
    }

    /** The working directory of the process; an empty one of its own by default. */
    public Builder workingDir(@Nullable String directory) {
      this.workingDir = directory;
      return this;
    }

    @Override
    protected ProcessInfrastructure create() {
      return new ProcessInfrastructure(env, labels, name, command, streamOutput, workingDir);
    }
  }
}
