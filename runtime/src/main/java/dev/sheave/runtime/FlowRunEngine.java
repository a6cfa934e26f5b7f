package dev.sheave.runtime;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.RunFence;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.UntilAvailable;
import dev.sheave.flow.Entrypoint;
import dev.sheave.flow.FlowLoader;
import dev.sheave.flow.LoadedFlow;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.runtime.internal.ProcessLogging;
import dev.sheave.runtime.internal.RunLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Takes a flow run through its states: waits for its time, calls the flow, retries it if
 * configured, and records states and log lines.
 *
 * <p>Errors of the flow become states of the run, not exceptions. A process executes one run at a
 * time: from the call of the flow on, the process's connection is the run's, with the block types
 * of the flow's code.
 */
public final class FlowRunEngine {
  /** For how long the orchestrator may be away before a run is given up. */
  static final Duration TIMEOUT = RetryTimeout.of(System.getenv());

  private final Sheave sheave;
  private final FlowLoader loader;
  private final @Nullable Integer attempt;
  private final RunHost host;

  /**
   * Creates an engine.
   *
   * @param sheave where the runs are
   * @param loader loads the flows of deployments
   */
  public FlowRunEngine(Sheave sheave, FlowLoader loader) {
    this(sheave, loader, null);
  }

  /**
   * Creates an engine for one attempt at a run that has a lease.
   *
   * @param sheave where the runs are
   * @param loader loads the flows of deployments
   * @param attempt the attempt: a run that is at another one is left alone. Null for any.
   */
  public FlowRunEngine(Sheave sheave, FlowLoader loader, @Nullable Integer attempt) {
    this(sheave, loader, attempt, RunHost.ownProcess());
  }

  /** Creates an engine in a program that may do other things, too. */
  FlowRunEngine(Sheave sheave, FlowLoader loader, @Nullable Integer attempt, RunHost host) {
    this.sheave = sheave;
    this.loader = loader;
    this.attempt = attempt;
    this.host = host;
  }

  /**
   * Executes the run of a deployment: fetches its code first.
   *
   * @param flowRunId the run; one that is over already is left alone
   * @param directory where the code is put; the process's working directory as a rule
   * @return the state the run is left in
   * @throws SheaveException {@code NOT_FOUND} if there is no such run, {@code UNAVAILABLE} if the
   *     orchestrator doesn't answer for minutes
   */
  public State run(UUID flowRunId, Path directory) {
    return execute(
        read(flowRunId),
        fetched(Optional.empty(), deployment -> Optional.empty(), () -> directory));
  }

  /**
   * Executes a run that an agent has taken.
   *
   * @param inPlace returns where code lies that is used there
   * @param directory see {@link #run(UUID, Path)}; it is asked for if code is put there
   */
  State run(
      RunRequest request,
      Function<DeploymentRecord, Optional<Path>> inPlace,
      Supplier<Path> directory) {
    FlowRunRecord run = request.flowRun().orElseGet(() -> read(request.flowRunId()));
    return execute(run, fetched(request.deployment(), inPlace, directory));
  }

  private BiFunction<FlowRunRecord, Logger, LoadedFlow> fetched(
      Optional<DeploymentRecord> deployment,
      Function<DeploymentRecord, Optional<Path>> inPlace,
      Supplier<Path> directory) {
    return (run, logger) ->
        new DeployedCode(sheave, loader, logger).fetch(run, deployment, inPlace, directory);
  }

  /**
   * Executes a run whose code is here already.
   *
   * @param code the directory where it is; nothing is written there
   * @param entrypoint which flow
   * @return see {@link #run(UUID, Path)}
   * @throws SheaveException see {@link #run(UUID, Path)}
   */
  public State run(UUID flowRunId, Path code, Entrypoint entrypoint) {
    return execute(
        read(flowRunId),
        (run, logger) -> loader.load(code, entrypoint, sheave.blocks().registry()));
  }

  /**
   * Executes a run whose flow is loaded already.
   *
   * @param flow is closed at the end
   * @return see {@link #run(UUID, Path)}
   * @throws SheaveException see {@link #run(UUID, Path)}
   */
  public State run(UUID flowRunId, LoadedFlow flow) {
    return execute(read(flowRunId), (run, logger) -> flow);
  }

  private FlowRunRecord read(UUID flowRunId) {
    return UntilAvailable.call(TIMEOUT, () -> sheave.api().flowRuns().readFlowRun(flowRunId));
  }

  private State execute(FlowRunRecord run, BiFunction<FlowRunRecord, Logger, LoadedFlow> code) {
    State state = run.state();
    if (state.isTerminal() || state.type() == StateType.CANCELLING) {
      return state;
    }
    // the agent speaks for what its own process executes
    Heartbeat heartbeat =
        Heartbeat.start(sheave.api().flowRuns(), run.id(), host.isAlone() ? attempt : null);
    try (RunLog log =
        new RunLog(
            run.id(),
            run.name(),
            sheave.api().flowRuns(),
            ProcessLogging.threshold(),
            !host.isAlone(),
            host.output())) {
      if (host.isAlone()) {
        ProcessLogging.sendTo(log);
      }
      try {
        return new FlowRunExecution(sheave, run, log, RunFence.ofProcess(attempt), host)
            .execute(code);
      } finally {
        if (host.isAlone()) {
          ProcessLogging.sendTo(null);
        }
      }
    } finally {
      heartbeat.close();
    }
  }
}
