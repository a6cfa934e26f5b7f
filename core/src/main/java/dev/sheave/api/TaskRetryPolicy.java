package dev.sheave.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a failed task run is tried again.
 *
 * @param retries how many more times at most
 * @param delays how long it waits before each; the last one also counts for those after it; empty
 *     for not at all
 * @param jitterFactor if not null, delays vary by up to this part of them, so that task runs that
 *     failed together aren't tried again together
 * @param more the other fields of the protocol's policy by their wire names, kept as they came;
 *     those that say nothing else are left out
 */
public record TaskRetryPolicy(
    int retries,
    List<Duration> delays,
    @Nullable Double jitterFactor,
    Map<String, @Nullable Object> more) {
  /** Not at all. */
  public static final TaskRetryPolicy NONE = new TaskRetryPolicy(0, List.of(), null, Map.of());

  /** Leaves out of {@code more} what says nothing else. */
  public TaskRetryPolicy {
    more = withoutOlderNames(more, retries, delays);
  }

  /** Leaves out what older clients read, if it is the same, or nothing. */
  static Map<String, @Nullable Object> withoutOlderNames(
      Map<String, @Nullable Object> more, int retries, List<Duration> delays) {
    Duration delay = delays.size() == 1 ? delays.get(0) : Duration.ZERO;
    Object seconds = delay.getSeconds() + delay.getNano() / 1e9;
    return ProtocolDefaults.without(
        ProtocolDefaults.without(more, Map.of("max_retries", 0, "retry_delay_seconds", 0)),
        Map.of("max_retries", retries, "retry_delay_seconds", seconds));
  }

  /** A number of retries, each after the same delay. */
  public TaskRetryPolicy(int retries, Duration delay) {
    this(retries, List.of(delay), null, Map.of());
  }
}
