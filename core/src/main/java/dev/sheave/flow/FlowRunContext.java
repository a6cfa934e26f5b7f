package dev.sheave.flow;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The flow run that the calling code belongs to. Safe for use by several threads.
 *
 * @see #current()
 */
public interface FlowRunContext {

  /**
   * Returns the run that the calling thread works for: the flow's own thread, and threads it
   * started.
   *
   * @throws IllegalStateException if the thread doesn't belong to a run
   */
  static FlowRunContext current() {
    return find()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "No flow run is active on this thread; FlowRunContext can only be used in"
                        + " code that a flow run calls."));
  }

  /** Returns the run that the calling thread works for, if there is one. */
  static Optional<FlowRunContext> find() {
    return CurrentFlowRun.find();
  }

  /** The run's id. */
  UUID flowRunId();

  /** The name of the run. */
  String flowRunName();

  /** The flow's name. */
  String flowName();

  /** The deployment the run is of, as {@code flow/deployment}; empty for a run without one. */
  Optional<String> deploymentName();

  /** The values the run started with, defaults included; JSON values. */
  Map<String, @Nullable Object> parameters();

  /** Writes to the run's log. */
  Logger logger();

  /** Returns whether the run is to be cancelled. */
  boolean isCancelled();
}
