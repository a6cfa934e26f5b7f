package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.WorkPoolFilter;
import dev.sheave.api.WorkPoolRecord;
import dev.sheave.internal.Suggestions;

/** A work pool, by the name that somebody wrote. */
final class NamedPool {

  private NamedPool() {}

  /**
   * Reads a pool.
   *
   * @throws SheaveException {@code NOT_FOUND}, with the nearest name, if there is none
   */
  static WorkPoolRecord read(OrchestrationApi api, String name) {
    return api.workPools()
        .findWorkPool(name)
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.NOT_FOUND,
                    "No work pool named '"
                        + name
                        + "' found."
                        + Suggestions.hint(
                            name,
                            api.workPools().listWorkPools(WorkPoolFilter.ALL, Page.FIRST).stream()
                                .map(WorkPoolRecord::name)
                                .toList())));
  }
}
