package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Page;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.internal.Suggestions;

/** A work queue, by the name that somebody wrote. */
final class NamedQueue {

  private NamedQueue() {}

  /**
   * Reads a queue.
   *
   * @throws SheaveException {@code NOT_FOUND}, with the nearest name, if there is none
   */
  static WorkQueueRecord read(WorkQueueApi api, String name) {
    return api.findWorkQueue(name)
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.NOT_FOUND,
                    "No work queue named '"
                        + name
                        + "' found."
                        + Suggestions.hint(
                            name,
                            api.listWorkQueues("", Page.FIRST).stream()
                                .map(WorkQueueRecord::name)
                                .toList())));
  }
}
