package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.UUID;

/** What is thrown for a record that isn't there. */
public final class MissingRecord {
  private MissingRecord() {}

  /**
   * Returns it.
   *
   * @param what the kind of record, in words
   */
  public static SheaveException of(String what, UUID id) {
    return new SheaveException(
        Code.NOT_FOUND, "The " + what + " with the id " + id + " doesn't exist.");
  }
}
