package dev.sheave.runtime;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.SaveMode;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.infrastructure.StandingRun;
import dev.sheave.internal.Arguments;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs flows in threads of the agent's own process: for small flows that are trusted, and for
 * tests. A run starts in milliseconds, and has no isolation: it shares memory, working directory,
 * environment and secrets with the agent and with other runs, and ends with it.
 *
 * <p>The flow's code has a class loader of its own, as in a process. Runs of the same sources that
 * are used where they lie, at once or shortly after each other, share it, and so they share static
 * fields; those of one deployment share threads, too, and what is left in them, such as thread
 * locals. The lines that it writes by the logger of its {@code FlowRunContext} go to the run's log;
 * those of other loggers, and what it prints, go where the agent's do. A run is cancelled by an
 * interrupt of its thread: one that ignores it goes on, and is Cancelling until it ends.
 */
@BlockType(
    slug = "in-process",
    name = "In Process",
    description =
        "Run a small, trusted flow in a thread of the agent's own process. It starts at once, but"
            + " without isolation: it shares memory, environment and secrets with the agent, and"
            + " ends with it.",
    logo = "logos/in-process.svg",
    documentationUrl = "https://sheave.dev/docs/agents#in-process",
    codeExample =
        """
        ```java
        InProcessInfrastructure here = Block.load("in-process/BLOCK_NAME", InProcessInfrastructure.class);
        ```""")
public final class InProcessInfrastructure extends Block implements Infrastructure {
  private final @Nullable Duration stopGrace;

  private InProcessInfrastructure(
      @BlockField(
              description =
                  "How many seconds a cancelled run may take to end before that is said to have"
                      + " failed; 30 by default.")
          @Nullable Duration stopGrace) {
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

  /** How long a cancelled run may take to end; null for 30 seconds. */
  public @Nullable Duration stopGrace() {
    return stopGrace;
  }

  @Override
  public boolean endsWithAgent() {
    return true;
  }

  @Override
  public RunningInfrastructure start(RunRequest request) {
    if (request.isPython()) {
      throw new SheaveException(
          Code.INVALID,
          "The agent's own process executes flows of Java alone; run '"
              + request.name()
              + "' on other infrastructure, such as 'process'.");
    }
    return InProcessRun.start(this, request);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Output that was delivered isn't delivered again, and a position is of no use.
   */
  @Override
  public RunningInfrastructure attach(
      RunRequest request, @Nullable String pid, @Nullable String position) {
    return InProcessRun.find(request, pid);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Those are runs in this program.
   */
  @Override
  public List<StandingRun> standing(UUID store, Path home) {
    return InProcessRun.list(Arguments.notNull(store, "store"));
  }

  @Override
  public String preview(RunRequest request) {
    return "A thread of the agent's process, named '" + request.name() + "'";
  }

  @Override
  public void check() {
    // it needs nothing
  }

  @Override
  public InProcessInfrastructure save(String blockName) {
    return save(blockName, SaveMode.CREATE);
  }

  @Override
  public InProcessInfrastructure save(String blockName, SaveMode mode) {
    return (InProcessInfrastructure) super.save(blockName, mode);
  }

  /** Builds a block. Not safe for use by several threads. */
  public static final class Builder extends Block.Builder<InProcessInfrastructure> {
    private @Nullable Duration stopGrace;

    private Builder(@Nullable InProcessInfrastructure original) {
      super(original);
      if (original != null) {
        stopGrace = original.stopGrace;
      }
    }

    /** How long a cancelled run may take to end; 30 seconds by default. */
    public Builder stopGrace(@Nullable Duration time) {
      this.stopGrace = time;
      return this;
    }

    @Override
    protected InProcessInfrastructure create() {
      return new InProcessInfrastructure(stopGrace);
    }
  }
}
