package dev.sheave.infrastructure;

import dev.sheave.block.Capability;
import java.time.Duration;
import java.util.UUID;

/**
 * Infrastructure that executes flow runs: the capability {@code run-infrastructure}.
 *
 * <p>It outlives the program that started it; other programs find it by its pid.
 */
@Capability("run-infrastructure")
public interface Infrastructure {

  /**
   * Starts the infrastructure of a flow run, and returns as soon as it is running.
   *
   * @throws dev.sheave.SheaveException {@code INVALID} if this block's values aren't valid; {@code
   *     UNAVAILABLE} if the infrastructure doesn't respond, or has no room now: it is tried again
   */
  RunningInfrastructure start(RunRequest request);

  /**
   * Finds the running infrastructure of a run, started by this program or another.
   *
   * @param flowRunId the run, checked against the infrastructure found, since a pid may be reused
   * @param pid the result of {@link RunningInfrastructure#pid()}
   * @throws dev.sheave.SheaveException {@code NOT_FOUND} if it no longer exists, {@code
   *     UNAVAILABLE} if this program can't reach it, such as a process on another host
   */
  RunningInfrastructure attach(UUID flowRunId, String pid);

  /**
   * Ends what a run has started and what outlived the thing that executed it, if there can be
   * anything. Returns when it has ended.
   *
   * @param flowRunId the run
   * @param pid what {@link RunningInfrastructure#pid()} returned, of what is gone
   * @param grace how long to wait between asking and force
   */
  default void endLeftovers(UUID flowRunId, String pid, Duration grace) {}
}
