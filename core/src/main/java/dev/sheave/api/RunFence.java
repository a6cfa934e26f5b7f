package dev.sheave.api;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a write to a run is good for: a write of an agent carries the epoch of its lease, and one of
 * the process that executes the run the attempt that it was started for. If the run has another one
 * by now, the write is refused.
 *
 * @param epoch the epoch of the writer's lease; null if it has none
 * @param attempt the attempt that the writer executes; null if it executes none
 */
public record RunFence(@Nullable Integer epoch, @Nullable Integer attempt) {
  /** The name of the epoch in JSON, and in the details of a proposed state. */
  public static final String EPOCH = "lease_epoch";

  /** The name of the attempt in JSON, and in the details of a proposed state. */
  public static final String ATTEMPT = "lease_attempt";

  /** Lets everything pass. */
  public static final RunFence NONE = new RunFence(null, null);

  /** For the writes of a lease's owner; lets everything pass if there is no lease. */
  public static RunFence ofOwner(@Nullable RunLease lease) {
    return lease == null ? NONE : new RunFence(lease.epoch(), null);
  }

  /** For the writes of the process that executes an attempt. */
  public static RunFence ofProcess(@Nullable Integer attempt) {
    return new RunFence(null, attempt);
  }

  /** Returns what the details of a proposed state say. */
  static RunFence of(Map<String, @Nullable Object> details) {
    return new RunFence(number(details, EPOCH), number(details, ATTEMPT));
  }

  private static @Nullable Integer number(Map<String, @Nullable Object> details, String name) {
    Object value = details.get(name);
    if (value == null || value instanceof Integer) {
      return (Integer) value;
    }
    // ignored, it would let everything pass
    throw new SheaveException(
        Code.INVALID, "'" + name + "' of a state must be a whole number, not '" + value + "'.");
  }

  /** Returns whether a run of that epoch and attempt may be written. */
  public boolean lets(int nowEpoch, int nowAttempt) {
    return (epoch == null || epoch == nowEpoch) && (attempt == null || attempt == nowAttempt);
  }
}
