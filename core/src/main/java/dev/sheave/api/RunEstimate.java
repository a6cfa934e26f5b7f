package dev.sheave.api;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the times of a run come to while it isn't over. */
final class RunEstimate {

  private RunEstimate() {}

  static Duration runTime(Duration total, State state, Instant now) {
    return state.type() == StateType.RUNNING && now.isAfter(state.timestamp())
        ? total.plus(Duration.between(state.timestamp(), now))
        : total;
  }

  static Duration startTimeDelta(
      @Nullable Instant expected, @Nullable Instant start, State state, Instant now) {
    Instant end = start != null ? start : state.isTerminal() ? null : now;
    return expected == null || end == null || end.isBefore(expected)
        ? Duration.ZERO
        : Duration.between(expected, end);
  }
}
