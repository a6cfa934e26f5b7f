package dev.sheave.orchestrator.internal.service;

import dev.sheave.orchestrator.internal.database.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Notices a clock that is behind what was written by it, or by that of another machine. */
final class ClockCheck {
  /** What clocks that are set by the network differ by at most. */
  private static final Duration TOLERANCE = Duration.ofMinutes(1);

  private ClockCheck() {}

  /** Returns when an agent was last heard, by the clock of then; empty if none ever was. */
  static Optional<Instant> lastHeard(Handle handle) {
    return handle
        .createQuery(
            "select max(heard) as heard from (select last_polled as heard from work_queue"
                + " union all select heard from agent) as agents")
        .map((columns, context) -> Optional.ofNullable(new Row(columns).timeOrNull("heard")))
        .one();
  }

  /** Returns what there is to say of a clock; empty if it isn't behind. */
  static Optional<String> hint(@Nullable Instant lastHeard, Instant now) {
    return lastHeard == null || !lastHeard.isAfter(now.plus(TOLERANCE))
        ? Optional.empty()
        : Optional.of(
            "The clock of the database is behind: it shows "
                + now.truncatedTo(ChronoUnit.SECONDS)
                + ", and an agent was heard at "
                + lastHeard.truncatedTo(ChronoUnit.SECONDS)
                + " already. Runs wait until it shows their time; set the clock of this machine,"
                + " or of the database's server.");
  }
}
