package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Capability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Infrastructure that executes flow runs: the capability {@code run-infrastructure}.
 *
 * <p>What it starts outlives the program that started it, unless it {@linkplain #endsWithAgent says
 * otherwise}, and is named by the run and its {@linkplain RunRequest#attempt() attempt}: other
 * programs find it by that name or by its pid. Only what the infrastructure says of the started
 * thing ends a run; silence doesn't. Safe for use by several threads. Most types extend {@link
 * InfrastructureBlock}.
 */
@Capability("run-infrastructure")
public interface Infrastructure {

  /**
   * Starts the infrastructure of a flow run, and returns as soon as it is running. What it waits
   * for meanwhile goes to {@link RunRequest#progress()}.
   *
   * <p>May be repeated, by this program or another: what was started for the same run and attempt
   * is found again, whether it is running or has ended, and nothing is started twice.
   *
   * @throws SheaveException {@code INVALID} if this block's values aren't valid; {@code
   *     UNAVAILABLE} if the infrastructure doesn't respond, or has no room now: the call is to be
   *     repeated; {@code OUT_OF_REACH} if it was started already where this program can't reach it;
   *     {@code INTERRUPTED} if the thread is interrupted: what it waits for, such as a download, is
   *     given up
   */
  RunningInfrastructure start(RunRequest request);

  /**
   * Finds what was started for a run, by this program or another, and follows it: gives its output
   * and its end as after {@link #start}, also if it has ended meanwhile.
   *
   * @param request the run, checked against what is found, since a pid may be reused
   * @param pid the result of {@link RunningInfrastructure#pid()}, or null if it isn't known because
   *     the program that started it died before it could record it
   * @param position the result of {@link RunningInfrastructure#position()}, where the output goes
   *     on; null for all of it
   * @throws SheaveException {@code NOT_FOUND} if nothing was started, or all that was is removed;
   *     {@code OUT_OF_REACH} if this program can't reach it, such as a process on another host;
   *     {@code UNAVAILABLE} if the infrastructure doesn't respond
   */
  RunningInfrastructure attach(RunRequest request, @Nullable String pid, @Nullable String position);

  /**
   * Whether all that is started ends with the program that started it, and leaves nothing that
   * another one could find; false by default.
   */
  default boolean endsWithAgent() {
    return false;
  }

  /**
   * Returns the network over which runs reach a server on this machine; empty, the default, if they
   * open what the program that starts them has opened. A run of an infrastructure with a network
   * never opens a database: if the agent itself does, it starts a server for its runs, and {@link
   * RunRequest#api()} is that server's address, as runs reach it, with the run's own key.
   *
   * @throws SheaveException {@code UNAVAILABLE} if the infrastructure doesn't respond
   */
  default Optional<RunNetwork> network() {
    return Optional.empty();
  }

  /**
   * Ends what a run has started and what outlived the thing that executed it, if there can be
   * anything. Returns when it has ended.
   *
   * @param request the run
   * @param pid what {@link RunningInfrastructure#pid()} returned, of what is gone
   * @param grace how long to wait between asking and force
   */
  default void endLeftovers(RunRequest request, String pid, Duration grace) {}

  /**
   * Lists what was started for the runs of a store, by this program and others, and wasn't removed
   * so far; what has ended, and what was only half made, too. In no order. Nothing of other stores
   * is listed, nor what this program can't reach.
   *
   * @param store the {@linkplain RunRequest.Builder#store store} of the runs
   * @param home {@code SHEAVE_HOME} of this program, for processes on the same machine
   * @throws SheaveException {@code UNAVAILABLE} if the infrastructure doesn't respond; {@code
   *     UNSUPPORTED}, the default, if it can't tell
   */
  default List<StandingRun> standing(UUID store, Path home) {
    throw new SheaveException(
        Code.UNSUPPORTED, "This type of infrastructure can't list what it has started.");
  }

  /**
   * Describes what {@link #start} would start, for people: a command line, a container or a
   * manifest. Starts nothing. Secrets are masked.
   *
   * @throws SheaveException {@code INVALID} if this block's values aren't valid
   */
  String preview(RunRequest request);

  /**
   * Checks that runs can be started: that the infrastructure responds, and has what this block
   * names.
   *
   * @throws SheaveException the reason if they can't
   */
  void check();
}
