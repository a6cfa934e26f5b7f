package dev.sheave.flow;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The flow run that the calling code belongs to. Safe for use by several threads.
 *
 * <p>A flow is a method like others, and may be called as one, in a unit test for example. Then
 * there is no run: {@link #logger()} is a plain logger, and what only a run has is absent. The
 * module {@code sheave-testkit} gives tests a run.
 *
 * @see #current()
 */
public interface FlowRunContext {
  /** The name of {@link #logger()}. */
  String LOGGER_NAME = "sheave.flow_runs";

  /**
   * Returns the run that the calling thread works for: the flow's own thread, and threads it
   * started. Outside of a run, a context without one.
   */
  static FlowRunContext current() {
    return find().orElse(OutsideRun.CONTEXT);
  }

  /** Returns the run that the calling thread works for, if there is one. */
  static Optional<FlowRunContext> find() {
    return CurrentFlowRun.find();
  }

  /** The run's id; empty outside of a run. */
  Optional<UUID> flowRunId();

  /** What people call the run; an empty string outside of a run. */
  String flowRunName();

  /** The flow's name; an empty string outside of a run. */
  String flowName();

  /** The deployment the run is of, as {@code flow/deployment}; empty for a run without one. */
  Optional<String> deploymentName();

  /**
   * The values the run started with, defaults included: JSON values, with references in place of
   * secrets and blocks. None outside of a run.
   */
  Map<String, @Nullable Object> parameters();

  /** Writes to the run's log; outside of a run, to the program's, as {@value #LOGGER_NAME}. */
  Logger logger();

  /** Returns whether somebody wants the run to end; false outside of a run. */
  boolean isCancelled();
}
