package dev.sheave.api.http;

import java.time.Duration;

/**
 * How long is waited for a server.
 *
 * @param firstPause before the second attempt; each pause after it is twice as long, and each is
 *     varied by a half, so that clients of a server that was away don't return all at once
 * @param atMost how long a call is repeated, in all
 * @param answer how long an answer may take until its first byte
 */
record RetryTimes(Duration firstPause, Duration atMost, Duration answer) {
  static final RetryTimes DEFAULT =
      new RetryTimes(Duration.ofMillis(200), Duration.ofSeconds(15), Duration.ofSeconds(60));
}
