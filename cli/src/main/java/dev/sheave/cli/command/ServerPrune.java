package dev.sheave.cli.command;

import dev.sheave.api.PruneRule;
import dev.sheave.api.Pruned;
import dev.sheave.api.StateType;
import dev.sheave.cli.terminal.Terminal;
import java.util.Set;
import picocli.CommandLine.Option;

/** {@code sheave server prune}. */
@picocli.CommandLine.Command(
    description = "Remove old flow runs, with their logs and artifacts, and old audit entries.",
    footer = {
      "",
      "Only runs that have ended are removed. Servers and agents can keep working meanwhile. It",
      "works on the database, or through a server with an API key of the scope admin.",
      "",
      "  $ sheave server prune --older-than 60d --keep 100"
    })
final class ServerPrune extends Command {

  @Option(
      names = "--older-than",
      paramLabel = "TIME",
      required = true,
      description = "How long ago they must have ended, such as 60d or 12h.")
  String olderThan = "";

  @Option(
      names = "--state",
      paramLabel = "STATE",
      split = ",",
      description =
          "The states in which runs must have ended, such as COMPLETED. Default: all of them.")
  Set<StateType> states = Set.of();

  @Option(
      names = "--keep",
      paramLabel = "NUMBER",
      description = "How many runs of each flow that ended last are left in any case. Default: 0.")
  int keep;

  @Override
  public int run(Invocation invocation) {
    PruneRule rule =
        new PruneRule(
            TimeSpan.of("--older-than", olderThan),
            states.isEmpty() ? PruneRule.OVER : states,
            keep);
    Pruned pruned = ApiKeyCommand.administration(invocation).prune(rule);
    Terminal terminal = invocation.terminal();
    terminal.say(
        terminal.in(
            Terminal.Colour.GOOD,
            "Removed "
                + count(pruned.flowRuns(), "flow run", "flow runs")
                + " and "
                + count(pruned.auditEntries(), "audit entry", "audit entries")
                + "."));
    return CommandRunner.OK;
  }

  private static String count(int number, String one, String several) {
    return number + " " + (number == 1 ? one : several);
  }
}
