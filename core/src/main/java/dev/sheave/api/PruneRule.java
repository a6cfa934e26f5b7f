package dev.sheave.api;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which records are old. Immutable.
 *
 * @param olderThan how long ago flow runs must have ended, and changes must have been made
 * @param states the states in which runs must have ended
 * @param keep how many of the runs of each flow that ended last are left whatever their age
 */
public record PruneRule(Duration olderThan, Set<StateType> states, int keep) {
  /** The states of runs that are over. */
  public static final Set<StateType> OVER =
      Arrays.stream(StateType.values())
          .filter(StateType::isTerminal)
          .collect(Collectors.toUnmodifiableSet());

  /**
   * Checks the values.
   *
   * @throws SheaveException {@code INVALID} for a negative time or number, or states in which no
   *     run ends
   */
  public PruneRule {
    states = Set.copyOf(states);
    if (olderThan.isNegative()) {
      throw new SheaveException(Code.INVALID, "What isn't old yet can't be removed as old.");
    }
    if (states.isEmpty() || !OVER.containsAll(states)) {
      throw new SheaveException(
          Code.INVALID,
          "Only runs that are over are removed: the states must be some of "
              + OVER.stream().sorted().map(Enum::name).collect(Collectors.joining(", "))
              + ".");
    }
    if (keep < 0) {
      throw new SheaveException(Code.INVALID, "The number of runs to keep can't be negative.");
    }
  }

  /** All that ended so long ago. */
  public static PruneRule olderThan(Duration time) {
    return new PruneRule(time, OVER, 0);
  }
}
