package dev.sheave.api;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.time.Duration;
import java.time.Instant;

/**
 * A claim to runs that wait.
 *
 * @param owner who claims them, such as an agent's process
 * @param lease how long they are the owner's unless it renews the lease, up to {@link #MAX_LEASE}
 * @param scheduledBefore only runs that are due by then
 * @param limit how many at most, 1 to {@link Page#MAX_LIMIT}
 */
public record RunClaim(String owner, Duration lease, Instant scheduledBefore, int limit) {
  /** The longest lease: the runs of an owner that dies are nobody else's until it ends. */
  public static final Duration MAX_LEASE = Duration.ofDays(1);

  /**
   * Checks the values.
   *
   * @throws SheaveException {@code INVALID} for an empty owner, or a lease or limit out of bounds
   */
  public RunClaim {
    if (owner.isBlank()) {
      throw new SheaveException(Code.INVALID, "The 'owner' of a claim must not be empty.");
    }
    checkLease(lease);
    if (limit < 1 || limit > Page.MAX_LIMIT) {
      throw new SheaveException(
          Code.INVALID,
          "The 'limit' of a claim must be 1 to " + Page.MAX_LIMIT + ", not " + limit + ".");
    }
  }

  /**
   * Checks how long a lease is.
   *
   * @throws SheaveException {@code INVALID} if it isn't positive, or longer than {@link #MAX_LEASE}
   */
  public static void checkLease(Duration lease) {
    if (lease.isZero() || lease.isNegative() || lease.compareTo(MAX_LEASE) > 0) {
      throw new SheaveException(
          Code.INVALID,
          "A 'lease' must be more than 0 and at most " + MAX_LEASE.toSeconds() + " seconds.");
    }
  }
}
