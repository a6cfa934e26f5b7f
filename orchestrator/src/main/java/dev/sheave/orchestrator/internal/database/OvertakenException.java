package dev.sheave.orchestrator.internal.database;

/**
 * Another transaction has changed what this one has read; it is to be done again from its start.
 */
public final class OvertakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what was changed. */
  public OvertakenException(String message) {
    super(message);
  }
}
