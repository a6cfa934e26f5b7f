package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.WorkQueueFilter;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.internal.ShellWord;
import dev.sheave.internal.Suggestions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The work queue that a command is about, by the name that somebody wrote. */
final class NamedQueue {

  @Parameters(index = "0", paramLabel = "NAME", description = "The work queue's name.")
  String name = "";

  @Option(
      names = {"-p", "--pool"},
      paramLabel = "POOL",
      description = "The work pool that the queue is in. Default: default-agent-pool.")
  @Nullable String pool;

  /**
   * Reads the queue.
   *
   * @throws SheaveException {@code NOT_FOUND}, with the nearest name, if there is none
   */
  WorkQueueRecord read(OrchestrationApi api) {
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
                    + hint(api)));
  }

  private String hint(OrchestrationApi api) {
    // without a pool these are the queues of all pools
    List<WorkQueueRecord> all =
        pool == null
            ? api.workQueues().listWorkQueues("", Page.FIRST)
            : api.workPools().listWorkQueues(pool, WorkQueueFilter.ALL, Page.FIRST);
    return all.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .map(
            elsewhere ->
                " There is one in the work pool '"
                    + elsewhere.workPoolName()
                    + "'; add '-p "
                    + ShellWord.of(elsewhere.workPoolName())
                    + "'.")
        .orElseGet(() -> Suggestions.hint(name, all.stream().map(WorkQueueRecord::name).toList()));
  }
}
