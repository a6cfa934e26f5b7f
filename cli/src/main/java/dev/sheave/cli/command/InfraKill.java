package dev.sheave.cli.command;

import dev.sheave.agent.StandingRuns;
import dev.sheave.agent.StandingRuns.Entry;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave infra kill}. */
@picocli.CommandLine.Command(
    description = "End what runs on an infrastructure for a run.",
    footer = {
      "",
      "Its agent records the run as Crashed, or the next agent does if it has died. A run whose agent"
          + " lives is better cancelled, with 'sheave flow-run cancel'.",
      "",
      "  $ sheave infra kill docker-container 8f4ca508-df21-4f96-8147-0e34e2efcee8"
    })
final class InfraKill extends Command {
  private static final Duration GRACE = Duration.ofSeconds(30);

  @Mixin InfraBlock infra = new InfraBlock();

  @Parameters(index = "1", paramLabel = "RUN", description = "The run's id.")
  String run = "";

  @Option(
      names = {"-f", "--force"},
      description = "Kill it at once. Default: after 30 seconds in which it may end by itself.")
  boolean force;

  @Override
  public int run(Invocation invocation) {
    StandingRuns standing = infra.open(invocation);
    List<Entry> running =
        standing.of(InfraBlock.run(run)).stream()
            .filter(each -> each.standing().isRunning())
            .toList();
    running.forEach(each -> standing.kill(each, force ? Duration.ZERO : GRACE));
    Terminal terminal = invocation.terminal();
    terminal.say(
        running.isEmpty()
            ? "Nothing runs there any more for flow run '" + run + "'."
            : terminal.in(Colour.GOOD, "What ran for flow run '" + run + "' was ended."));
    return CommandRunner.OK;
  }
}
