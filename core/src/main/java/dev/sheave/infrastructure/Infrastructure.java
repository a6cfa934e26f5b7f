package dev.sheave.infrastructure;

import dev.sheave.block.Capability;
import java.time.Duration;
import java.util.UUID;

/**
 * Where flow runs execute: the capability {@code run-infrastructure}.
 *
 * <p>What is started outlives the program that started it; the pid names it to any other.
 */
@Capability("run-infrastructure")
public interface Infrastructure {

  /**
   * Stands up what a flow run executes in, and returns as soon as it is there.
   *
   * @throws dev.sheave.SheaveException {@code INVALID} if this block's values can't work; {@code
   *     UNAVAILABLE} if the infrastructure doesn't answer, or has no room now: it is tried again
   */
  RunningInfrastructure start(RunRequest request);

  /**
   * Finds again what was started for a run, by this program or another.
   *
   * @param flowRunId the run: what has its name by chance, such as a process whose id is used
   *     again, isn't it
   * @param pid what {@link RunningInfrastructure#pid()} returned
   * @throws dev.sheave.SheaveException {@code NOT_FOUND} if it is gone, {@code UNAVAILABLE} if it
   *     is out of this program's reach, such as a process of another host
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
