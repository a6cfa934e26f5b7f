package dev.sheave.infrastructure;

import dev.sheave.block.BlockField;
import dev.sheave.block.BlockField.LocalPath;
import dev.sheave.block.BlockType;
import dev.sheave.block.SaveMode;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
 * spaces; those of {@code jvm_options} follow them.
 *
 * <p>What a run printed, its process id and its exit code are kept in its folder below {@code
 * SHEAVE_HOME/runs} until {@link RunningInfrastructure#remove}. A position in the output is a
 * number of bytes.
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
public final class ProcessInfrastructure extends InfrastructureBlock {
  private final boolean streamOutput;
  private final @Nullable String workingDir;
  private final @Nullable List<String> jvmOptions;
  private final @Nullable Duration stopGrace;

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
              placeholder = "/srv/flows",
              localPath = LocalPath.YES)
          @Nullable String workingDir,
      @BlockField(
              title = "JVM Options",
              description =
                  "Further options for the Java virtual machine of Sheave's flow-run process, such"
                      + " as -Xmx2g.")
          @Nullable List<String> jvmOptions,
      @BlockField(
              description =
                  "How many seconds a cancelled process may take to end before it is killed; 30 by"
                      + " default.")
          @Nullable Duration stopGrace) {
    super(env, labels, name, command);
    this.streamOutput = streamOutput;
    this.workingDir = workingDir;
    this.jvmOptions = jvmOptions == null ? null : List.copyOf(jvmOptions);
    this.stopGrace = RunningInfrastructure.checkStopGrace(stopGrace);
  }

  /** Starts a block. */
  public static Builder builder() {
    return new Builder(null);
  }

  /** Starts a changed copy of this block. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Whether the output of the process is streamed. */
  public boolean streamOutput() {
    return streamOutput;
  }

  /** The working directory of the process; null for an empty one of its own. */
  public @Nullable String workingDir() {
    return workingDir;
  }

  /** Further options for the Java virtual machine; null for none. */
  public @Nullable List<String> jvmOptions() {
    return jvmOptions;
  }

  /** How long a cancelled process may take to end; null for 30 seconds. */
  public @Nullable Duration stopGrace() {
    return stopGrace;
  }

  @Override
  public RunningInfrastructure start(RunRequest request) {
    return new ProcessStart(this, request, prepare(request)).start();
  }

  @Override
  public RunningInfrastructure attach(
      RunRequest request, @Nullable String pid, @Nullable String position) {
    return new ProcessSearch(this, request, prepare(request).name()).attach(pid, position);
  }

  @Override
  public void endLeftovers(RunRequest request, String pid, Duration grace) {
    RunProcesses.leftBy(request.flowRunId(), request.attempt(), ProcessSearch.numberOf(pid))
        .kill(grace);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Processes are those of this machine that were started from the home.
   */
  @Override
  public List<StandingRun> standing(UUID store, Path home) {
    return StandingProcess.list(Arguments.notNull(store, "store"), Arguments.notNull(home, "home"));
  }

  @Override
  public String preview(RunRequest request) {
    return new ProcessPreview(this, request, prepare(request)).text();
  }

  @Override
  public void check() {
    ProcessCommand.checkDirectory(workingDir);
    if (command() == null) {
      String runtime = System.getenv(RuntimeClassPath.RUNTIME_VARIABLE);
      RuntimeClassPath.find(
          env().containsKey(RuntimeClassPath.RUNTIME_VARIABLE)
              ? env().get(RuntimeClassPath.RUNTIME_VARIABLE)
              : runtime,
          Settings.home(System.getenv()));
    }
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
  public static final class Builder
      extends InfrastructureBlock.Builder<ProcessInfrastructure, Builder> {
    private boolean streamOutput = true;
    private @Nullable String workingDir;
    private @Nullable List<String> jvmOptions;
    private @Nullable Duration stopGrace;

    private Builder(@Nullable ProcessInfrastructure original) {
      super(original);
      if (original != null) {
        streamOutput = original.streamOutput;
        workingDir = original.workingDir;
        jvmOptions = original.jvmOptions;
        stopGrace = original.stopGrace;
      }
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

    /** Further options for the Java virtual machine; none by default. */
    public Builder jvmOptions(@Nullable List<String> options) {
      this.jvmOptions = options;
      return this;
    }

    /** How long a cancelled process may take to end before it is killed; 30 seconds by default. */
    public Builder stopGrace(@Nullable Duration time) {
      this.stopGrace = time;
      return this;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected ProcessInfrastructure create() {
      return new ProcessInfrastructure(
          env(), labels(), name(), command(), streamOutput, workingDir, jvmOptions, stopGrace);
    }
  }
}
