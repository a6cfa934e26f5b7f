package dev.sheave.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How many runs were due in an interval of time, by the state they are in now.
 *
 * @param start the beginning of the interval, included
 * @param end its end, excluded
 * @param states the counts; states without runs are left out
 */
public record HistoryInterval(Instant start, Instant end, List<StateCount> states) {

  /**
   * The runs that are in one state.
   *
   * @param type the type of the state
   * @param name its name
   * @param count how many runs are in it
   * @param runTime how long they have been in Running, together
   * @param lateness how long after they were due they started, together; for those that have not
   *     started, until now
   */
  public record StateCount(
      StateType type, String name, int count, Duration runTime, Duration lateness) {}
}
