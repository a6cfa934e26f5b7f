package dev.sheave.cli.command;

import dev.sheave.agent.StandingRuns.Entry;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.infrastructure.StandingRun;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** {@code sheave infra ls}. */
@picocli.CommandLine.Command(
    description =
        "List what stands on an infrastructure of the runs of this store, oldest first, whatever"
            + " agent has started it.",
    footer = {
      "",
      "Only what was started with this store's id is listed; 'sheave infra prune' removes what isn't"
          + " in use.",
      "",
      "  $ sheave infra ls docker-container"
    })
final class InfraList extends ViewCommand {

  @Mixin InfraBlock infra = new InfraBlock();

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    List<Entry> all = infra.open(invocation).list();
    if (format == Format.JSON) {
      return printJson(terminal, all.stream().map(InfraList::json).toList());
    }
    if (all.isEmpty()) {
      terminal.complain("Nothing stands there of this store's runs.");
      return CommandRunner.OK;
    }
    Instant now = Instant.now();
    Table table =
        new Table("RUN", "NAME", "ATTEMPT", "STATE", "INFRASTRUCTURE", "IN USE", "SINCE", "PID");
    for (Entry each : all) {
      StandingRun standing = each.standing();
      table.add(
          standing.flowRunId(),
          each.run().map(FlowRunRecord::name).orElse(""),
          standing.attempt(),
          InfraBlock.state(each),
          standing.isRunning() ? "running" : "ended",
          each.isOwned() ? "yes" : "no",
          Times.away(standing.created(), now),
          standing.pid());
    }
    table.print(terminal);
    return CommandRunner.OK;
  }

  private static Map<String, @Nullable Object> json(Entry entry) {
    StandingRun standing = entry.standing();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("flow_run_id", standing.flowRunId().toString());
    json.put("flow_run_name", entry.run().map(FlowRunRecord::name).orElse(null));
    json.put("attempt", standing.attempt());
    json.put("state", entry.run().map(run -> run.state().name()).orElse(null));
    json.put("is_running", standing.isRunning());
    json.put("is_in_use", entry.isOwned());
    json.put("created", standing.created().toString());
    json.put("infrastructure_pid", standing.pid());
    return json;
  }
}
