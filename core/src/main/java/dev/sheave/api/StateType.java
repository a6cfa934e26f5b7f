package dev.sheave.api;

import java.util.Locale;

/** The kinds of state a flow run goes through; the names are those of the protocol. */
public enum StateType {
  /** Waits for its time, and for an agent. */
  SCHEDULED,
  /** An agent has taken the run and is starting its infrastructure. */
  PENDING,
  /** The flow's code is running. */
  RUNNING,
  /** The flow returned. */
  COMPLETED,
  /** The flow threw, or could not be fetched, or its parameters were wrong. */
  FAILED,
  /** Cancelled by a user. */
  CANCELLED,
  /** The infrastructure died during the run. */
  CRASHED,
  /** Halted until resumed. */
  PAUSED,
  /** To be cancelled; its agent is about to kill it. */
  CANCELLING;

  /** Returns whether a run in this state is over. */
  public boolean isTerminal() {
    return this == COMPLETED || this == FAILED || this == CANCELLED || this == CRASHED;
  }

  /** Returns the default display name of this type, such as {@code Completed}. */
  public String displayName() {
    return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
  }
}
