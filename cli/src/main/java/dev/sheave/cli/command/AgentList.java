package dev.sheave.cli.command;

import dev.sheave.api.AgentApi;
import dev.sheave.api.AgentProfile;
import dev.sheave.api.AgentRecord;
import dev.sheave.api.internal.AgentJson;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code sheave agent ls}. */
@picocli.CommandLine.Command(
    description = "List the agents that were heard in the last day.",
    footer = {"", "  $ sheave agent ls"})
final class AgentList extends ViewCommand {

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    AgentApi api = invocation.sheave().api().agents();
    List<AgentRecord> agents = readAll(api::listAgents);
    if (format == Format.JSON) {
      return printJson(terminal, AgentJson.AGENT.toJson(agents));
    }
    if (agents.isEmpty()) {
      terminal.complain(
          "No agent is at work, and none was lost in the last day; 'sheave agent start' starts one.");
      return CommandRunner.OK;
    }
    Instant now = Instant.now();
    Table table = new Table("NAME", "HOST", "VERSION", "POOL", "QUEUES", "RUNS", "LAST HEARD");
    for (AgentRecord agent : agents) {
      AgentProfile profile = agent.profile();
      table.add(
          profile.name(),
          profile.host(),
          profile.version(),
          profile.pool(),
          queues(profile),
          agent.runs(),
          Times.away(agent.lastHeard(), now) + (agent.isAlive() ? "" : " (gone)"));
    }
    table.print(terminal);
    return CommandRunner.OK;
  }

  private static String queues(AgentProfile profile) {
    String queues =
        Stream.concat(
                profile.queues().stream().sorted(),
                profile.queuePrefixes().stream().sorted().map(prefix -> prefix + "*"))
            .collect(Collectors.joining(", "));
    return queues.isEmpty() ? "all" : queues;
  }
}
