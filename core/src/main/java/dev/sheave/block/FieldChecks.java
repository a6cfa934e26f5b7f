package dev.sheave.block;

import dev.sheave.SheaveException;
import dev.sheave.block.internal.Problems;
import dev.sheave.internal.Arguments;

/**
 * Checks of a block's fields by its constructor, which tells all that is wrong at once. Not safe
 * for use by several threads.
 */
public final class FieldChecks {
  private final Problems problems = new Problems();

  /** Starts without a problem. */
  public FieldChecks() {}

  /**
   * Does a check, and keeps what it refuses; other failures are thrown.
   *
   * @param field the name of the field in documents, such as {@code mem_limit}
   * @param check throws {@code INVALID} with a sentence if the field is wrong
   */
  public FieldChecks check(String field, Runnable check) {
    problems.check(Arguments.notNull(field, "field"), Arguments.notNull(check, "check"));
    return this;
  }

  /**
   * Ends the checks.
   *
   * @throws SheaveException {@code INVALID} with a sentence for each problem, if there is one
   */
  public void throwIfAny() {
    problems.throwIfAny();
  }
}
