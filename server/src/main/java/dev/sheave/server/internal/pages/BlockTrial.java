package dev.sheave.server.internal.pages;

import dev.sheave.SheaveException;
import dev.sheave.block.Block;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.StorageCheck;
import java.util.List;

/**
 * What came of trying the connection of a block, from the server.
 *
 * @param passed whether all worked
 * @param sentence what came of it
 * @param steps what was tried; none for an infrastructure
 */
record BlockTrial(boolean passed, String sentence, List<Step> steps) {

  /**
   * An operation that was tried.
   *
   * @param operation its name
   * @param outcome how it ended
   * @param reason why it failed; empty unless it did
   */
  record Step(String operation, StorageCheck.Outcome outcome, String reason) {
    String colour() {
      return switch (outcome) {
        case OK -> "completed";
        case FAILED -> "failed";
        case NOT_TRIED -> "cancelled";
      };
    }

    String shape() {
      return switch (outcome) {
        case OK -> "check";
        case FAILED -> "cross";
        case NOT_TRIED -> "dots";
      };
    }

    String result() {
      return switch (outcome) {
        case OK -> "works";
        case FAILED -> "fails";
        case NOT_TRIED -> "not tried";
      };
    }
  }

  /** Whether blocks of a class have a connection. */
  static boolean isPossible(Class<? extends Block> type) {
    return ReadableStorage.class.isAssignableFrom(type)
        || Infrastructure.class.isAssignableFrom(type);
  }

  /** Tries the connection of a block. */
  static BlockTrial of(Block block) {
    try {
      if (block instanceof ReadableStorage storage) {
        return of(storage.check());
      }
      ((Infrastructure) block).check();
      return new BlockTrial(true, "Runs can be started on it.", List.of());
    } catch (SheaveException e) {
      return new BlockTrial(false, e.getMessage(), List.of());
    }
  }

  private static BlockTrial of(StorageCheck check) {
    return new BlockTrial(
        check.passed(),
        check.location() + (check.passed() ? " can be used." : " can't be used as it should."),
        check.steps().stream()
            .map(
                step ->
                    new Step(
                        step.operation().toString(),
                        step.outcome(),
                        step.error() == null ? "" : step.error().getMessage()))
            .toList());
  }
}
