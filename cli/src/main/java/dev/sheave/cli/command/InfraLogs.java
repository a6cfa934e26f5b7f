package dev.sheave.cli.command;

import dev.sheave.agent.StandingRuns;
import dev.sheave.agent.StandingRuns.Entry;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sheave infra logs}. */
@picocli.CommandLine.Command(
    description =
        "Show what a run has printed on its infrastructure, and go on until it ends: also what isn't"
            + " in the run's log, such as the words of a program that could not start.",
    footer = {"", "  $ sheave infra logs docker-container 8f4ca508-df21-4f96-8147-0e34e2efcee8"})
final class InfraLogs extends Command {

  @Mixin InfraBlock infra = new InfraBlock();

  @Parameters(index = "1", paramLabel = "RUN", description = "The run's id.")
  String run = "";

  @Override
  public int run(Invocation invocation) {
    StandingRuns standing = infra.open(invocation);
    List<Entry> found = standing.of(InfraBlock.run(run));
    standing.follow(found.get(found.size() - 1), invocation.terminal()::say);
    return CommandRunner.OK;
  }
}
