package dev.sheave.orchestrator.internal.schedule;

import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/** Times as a clock on the wall shows them, in ascending order, without time zone. */
@FunctionalInterface
interface LocalTimes {

  /** Returns the first one that isn't before another time; null if there is none. */
  @Nullable LocalDateTime from(LocalDateTime earliest);
}
