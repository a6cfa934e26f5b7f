package dev.sheave.cli.command;

import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolApi.WorkPoolUpdate;
import dev.sheave.api.WorkPoolRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code sheave work-pool update}. */
@picocli.CommandLine.Command(
    description = "Change a work pool.",
    footer = {"", "  $ sheave work-pool update local --description 'For tests'"})
final class WorkPoolUpdateCommand extends WorkPoolCommand {

  @Option(
      names = {"-d", "--description"},
      paramLabel = "TEXT",
      description = "Its description.")
  @Nullable String description;

  @Option(
      names = {"-l", "--concurrency-limit"},
      paramLabel = "NUMBER",
      description = "How many of its runs may be in progress at once.")
  @Nullable Integer limit;

  @Override
  void check() {
    if (description == null && limit == null) {
      throw new UsageException("Nothing to change: pass --description or --concurrency-limit.");
    }
    Limits.check("--concurrency-limit", limit);
  }

  @Override
  String act(WorkPoolApi api, WorkPoolRecord pool) {
    WorkPoolUpdate update = WorkPoolUpdate.NONE;
    update = description == null ? update : update.withDescription(description);
    update = limit == null ? update : update.withConcurrencyLimit(limit);
    api.updateWorkPool(pool.name(), update);
    return "Updated work pool '" + pool.name() + "'";
  }
}
