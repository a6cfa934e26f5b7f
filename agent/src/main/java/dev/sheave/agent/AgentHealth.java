package dev.sheave.agent;

import org.jspecify.annotations.Nullable;

/**
 * How an agent is, as of the moment that it was asked.
 *
 * @param state what it does
 * @param runs how many runs it has taken that haven't ended
 * @param starting how many of them have no infrastructure yet
 * @param problem why its store doesn't respond; null if it does
 */
public record AgentHealth(State state, int runs, int starting, @Nullable String problem) {

  /** What an agent does. */
  public enum State {
    /** It takes runs. */
    WORKING,
    /** Its store doesn't respond; it tries again, and sees to the runs that it has. */
    WAITING_FOR_STORE,
    /** It takes no more runs, and sees to those that it has. */
    CLOSING,
    /** It does nothing: it wasn't started, or has ended. */
    IDLE
  }
}
