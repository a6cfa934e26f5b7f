package dev.sheave.cli.command;

import dev.sheave.api.NewWorkPool;
import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolRecord;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave work-pool create}. */
@picocli.CommandLine.Command(
    description = "Create a work pool, with a queue named 'default'.",
    footer = {"", "  $ sheave work-pool create local", "  $ sheave agent start -p local"})
final class WorkPoolCreate extends Command {

  @Parameters(paramLabel = "NAME", description = "The new work pool's name.")
  String name = "";

  @Option(
      names = {"-t", "--type"},
      paramLabel = "TYPE",
      description = "Its type. Default: prefect-agent, whose runs agents take.")
  String type = WorkPoolApi.AGENT_TYPE;

  @Option(names = "--paused", description = "It hands out no runs until it is resumed.")
  boolean isPaused;

  @Option(
      names = {"-l", "--concurrency-limit"},
      paramLabel = "NUMBER",
      description = "How many of its runs may be in progress at once. Default: no limit.")
  @Nullable Integer limit;

  @Option(
      names = {"-d", "--description"},
      paramLabel = "TEXT",
      description = "A description of the pool.")
  @Nullable String description;

  @Override
  public int run(Invocation invocation) {
    Limits.check("--concurrency-limit", limit);
    WorkPoolRecord pool =
        invocation
            .sheave()
            .api()
            .workPools()
            .createWorkPool(
                NewWorkPool.builder(name)
                    .type(type)
                    .isPaused(isPaused)
                    .concurrencyLimit(limit)
                    .description(description)
                    .build());
    Terminal terminal = invocation.terminal();
    terminal.say(terminal.in(Colour.GOOD, "Created work pool '" + pool.name() + "'."));
    return CommandRunner.OK;
  }
}
