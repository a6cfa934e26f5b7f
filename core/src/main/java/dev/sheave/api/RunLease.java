package dev.sheave.api;

import java.time.Instant;

/**
 * Who has claimed a run, and until when. The owner renews it while it lives; a run under way whose
 * lease has ended has lost its owner. A lease ends with its run.
 *
 * @param owner the owner, such as an agent's process
 * @param end when it ends, by the store's clock
 */
public record RunLease(String owner, Instant end) {}
