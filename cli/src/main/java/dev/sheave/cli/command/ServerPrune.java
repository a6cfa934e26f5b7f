package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Pruned;
import dev.sheave.cli.terminal.Terminal;
import java.time.Duration;
import picocli.CommandLine.Option;

/** {@code sheave server prune}. */
@picocli.CommandLine.Command(
    description = "Remove old flow runs, with their logs and artifacts, and old audit entries.",
    footer = {
      "",
      "Only runs that have ended are removed. Servers and agents can keep working meanwhile.",
      "",
      "  $ sheave server prune --older-than 60d"
    })
final class ServerPrune extends Command {

  @Option(
      names = "--older-than",
      paramLabel = "TIME",
      required = true,
      description = "How long ago they must have ended, such as 60d or 12h.")
  String olderThan = "";

  @Override
  public int run(Invocation invocation) {
    Duration age = TimeSpan.of("--older-than", olderThan);
    OrchestrationApi api = invocation.sheave().api();
    Pruned pruned =
        api.administration()
            .orElseThrow(
                () ->
                    new SheaveException(
                        Code.UNSUPPORTED,
                        "The records of "
                            + api.url()
                            + " are in its database: run this command where SHEAVE_API_URL names"
                            + " the database."))
            .prune(age);
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
