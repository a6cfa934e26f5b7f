package dev.sheave.api;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What an agent is told.
 *
 * @param runs runs that are its own and that it doesn't know: those that it has just claimed, and
 *     those of an answer that it missed
 * @param lost runs that it knew and that aren't its own any more; it lets go of them
 * @param cancelling runs of its queues that are to be cancelled by whoever can reach them
 * @param abandoned runs of its queues that are under way, and whose lease has ended, or that never
 *     had one
 * @param queues the queues that it takes runs from
 * @param isPoolPaused whether its pool hands out no runs
 */
public record AgentNews(
    List<FlowRunRecord> runs,
    Set<UUID> lost,
    List<FlowRunRecord> cancelling,
    List<FlowRunRecord> abandoned,
    List<WorkQueueRecord> queues,
    boolean isPoolPaused) {}
