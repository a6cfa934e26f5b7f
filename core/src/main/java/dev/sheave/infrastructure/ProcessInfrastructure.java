package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockField.LocalPath;
import dev.sheave.block.BlockType;
import dev.sheave.block.SaveMode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs flows in processes of this machine.
 *
 * <p>A process outlives the program that started it: it has a session of its own, and its output
 * goes to a file. It is a Java virtual machine like this one unless there is a command. Environment
 * variables it finds: those of the starting program, {@code SHEAVE__FLOW_RUN_ID}, {@code
 * SHEAVE_API_URL}, {@code SHEAVE_HOME}, and over them the block's own; the API key comes as the
 * first line of standard input. {@code SHEAVE_RUNTIME_JAVA_OPTIONS} holds further options for the
 * virtual machine, separated by spaces.
 */
@BlockType(
    slug = "process",
    name = "Process",
    description =
        "Run a flow in a new process of the machine that the agent is on. Environment variables of"
            + " the agent are there, and the block's own override them.",
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
              description = "Labels that mark the infrastructure; processes have none.",
              defaultValue = "{}")
          Map<String, String> labels,
      @BlockField(description = "What the process is called in log lines.") @Nullable String name,
      @BlockField(description = "The command to run in place of Sheave's flow-run process.")
          @Nullable List<String> command,
      @BlockField(
              description = "Whether the agent shows what the process prints.",
              defaultValue = "true")
          boolean streamOutput,
      @BlockField(
              description =
                  "The directory the process works in. By default it gets an empty one that is"
                      + " removed afterwards.",
              placeholder = "/srv/flows",
              localPath = LocalPath.YES)
          @Nullable String workingDir) {
    if (command != null && command.isEmpty()) {
      throw new SheaveException(
          Code.INVALID, "A process cannot be run with an empty command; leave 'command' out.");
    }
    this.env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    this.labels = Map.copyOf(labels);
    this.name = name;
    this.command = command == null ? null : List.copyOf(command);
    this.streamOutput = streamOutput;
    this.workingDir = workingDir;
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

  /** Labels; processes have none, but overrides may be shared with infrastructure that has. */
  public Map<String, String> labels() {
    return labels;
  }

  /** What the process is called in log lines; null for the run's name. */
  public @Nullable String name() {
    return name;
  }

  /** The command; null for Sheave's own. */
  public @Nullable List<String> command() {
    return command;
  }

  /** Whether what the process prints is handed on. */
  public boolean streamOutput() {
    return streamOutput;
  }

  /** The directory the process works in; null for an empty one of its own. */
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
  public ProcessInfrastructure save(String blockName) {
    return save(blockName, SaveMode.CREATE);
  }

  @Override
  public ProcessInfrastructure save(String blockName, SaveMode mode) {
    return (ProcessInfrastructure) super.save(blockName, mode);
  }

  /** Puts a block together. Not safe for use by several threads. */
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

    /** What the process is called in log lines; the run's name by default. */
    public Builder name(@Nullable String text) {
      this.name = text;
      return this;
    }

    /** The command; Sheave's own by default. */
    public Builder command(@Nullable List<String> words) {
      this.command = words;
      return this;
    }

    /** Whether what the process prints is handed on; by default it is. */
    public Builder streamOutput(boolean isHandedOn) {
      this.streamOutput = isHandedOn;
      return this;
    }

    /** The directory the process works in; an empty one of its own by default. */
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
