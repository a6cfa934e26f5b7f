package dev.sheave.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The orchestrator's answer to a proposed state.
 *
 * @param state the state the run is in now: the proposed one, another in its place, or the one it
 *     was in
 * @param status the outcome of the proposal
 * @param reason why it was not accepted, or null
 * @param delay for {@link Status#WAIT}, how long to wait before proposing again, or null
 * @param isRecorded whether a state was recorded: the proposed one, or another in its place
 */
public record StateTransition(
    State state,
    Status status,
    @Nullable String reason,
    @Nullable Duration delay,
    boolean isRecorded) {

  /** An accepted proposal. */
  public static StateTransition accepted(State state) {
    return new StateTransition(state, Status.ACCEPT, null, null, true);
  }

  /** The outcome of a proposed state. */
  public enum Status {
    /** It was recorded. */
    ACCEPT,
    /**
     * Another state was recorded in its place, or none, and the run stays in the state it was in.
     */
    REJECT,
    /** Nothing was recorded; propose it again after the delay. */
    WAIT,
    /** Nothing was recorded, and the proposer should give up the run. */
    ABORT
  }

  /** Returns whether the proposed state was recorded. */
  public boolean isAccepted() {
    return status == Status.ACCEPT;
  }
}
