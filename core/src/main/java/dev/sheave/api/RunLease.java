package dev.sheave.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who has claimed a run, and until when. The owner renews it while it lives; a run under way whose
 * lease has ended may be adopted by another. A lease ends with its run.
 *
 * @param owner the owner, such as an agent
 * @param epoch how often the run has got an owner until then; a write that carries an earlier one
 *     is refused
 * @param attempt how often the run was claimed until then, from 1; what executes it is named by it
 * @param end when it ends, by the store's clock
 * @param ownerHeard when it was last renewed
 * @param processHeard when the process that executes the run last said that it lives; null if it
 *     never did
 */
public record RunLease(
    String owner,
    int epoch,
    int attempt,
    Instant end,
    Instant ownerHeard,
    @Nullable Instant processHeard) {}
