package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.WorkQueueFilter;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.internal.Suggestions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A work queue, by the name that somebody wrote. */
final class NamedQueue {

  private NamedQueue() {}

  /**
   * Reads a queue.
   *
   * @param pool the name of its pool; null for the default one
   * @throws SheaveException {@code NOT_FOUND}, with the nearest name, if there is none
   */
  static WorkQueueRecord read(OrchestrationApi api, @Nullable String pool, String name) {
    Optional<WorkQueueRecord> queue =
        pool == null
            ? api.workQueues().findWorkQueue(name)
            : api.workPools().findWorkQueue(NamedPool.read(api, pool).name(), name);
    return queue.orElseThrow(
        () ->
            new SheaveException(
                Code.NOT_FOUND,
                "No work queue named '"
                    + name
                    + "' found"
                    + (pool == null ? "." : " in work pool '" + pool + "'.")
                    + Suggestions.hint(name, names(api, pool))));
  }

  private static List<String> names(OrchestrationApi api, @Nullable String pool) {
    List<WorkQueueRecord> all =
        pool == null
            ? api.workQueues().listWorkQueues("", Page.FIRST)
            : api.workPools().listWorkQueues(pool, WorkQueueFilter.ALL, Page.FIRST);
    return all.stream().map(WorkQueueRecord::name).toList();
  }
}
