package dev.sheave.infrastructure;

import dev.sheave.block.Capability;
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
   * @throws dev.sheave.SheaveException {@code INVALID} if this block's values aren't valid, {@code
   *     UNAVAILABLE} if the infrastructure doesn't respond
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
}
