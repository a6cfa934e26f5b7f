package dev.sheave.cli.command;

import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.StateType;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code sheave flow-run ls}. */
@picocli.CommandLine.Command(description = "List the flow runs, newest first.")
final class FlowRunList extends ViewCommand {

  @Option(
      names = "--flow-name",
      paramLabel = "FLOW",
      description = "Only those of this flow; may be repeated.")
  List<String> flowNames = new ArrayList<>();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only those in this state, such as Completed or Late; may be repeated.")
  List<String> states = new ArrayList<>();

  @Option(names = "--limit", paramLabel = "NUMBER", description = "How many at most. Default: 15.")
  int limit = 15;

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    if (limit < 1) {
      throw new UsageException("--limit must be 1 or more, not " + limit + ".");
    }
    FlowRunApi api = invocation.sheave().api().flowRuns();
    List<FlowRunRecord> runs = read(api, filter());
    if (format == Format.JSON) {
      return printJson(terminal, runs.stream().map(Wire::flowRun).toList());
    }
    if (runs.isEmpty()) {
      terminal.complain(
          "There are no flow runs"
              + (filter().equals(FlowRunFilter.ALL) ? " yet." : " like that."));
      return 0;
    }
    Instant now = Instant.now();
    Table table = new Table("ID", "FLOW", "NAME", "STATE", "WHEN");
    for (FlowRunRecord run : runs) {
      Instant when =
          run.state().type() == StateType.SCHEDULED && run.nextScheduledStartTime() != null
              ? run.nextScheduledStartTime()
              : run.state().timestamp();
      table.add(run.id(), run.flowName(), run.name(), run.state().name(), Times.away(when, now));
    }
    table.print(terminal);
    return 0;
  }

  private FlowRunFilter filter() {
    EnumSet<StateType> types = EnumSet.noneOf(StateType.class);
    LinkedHashSet<String> names = new LinkedHashSet<>();
    for (String state : states) {
      // the name of a type stands for all states of it
      StateType type = null;
      for (StateType each : StateType.values()) {
        if (each.name().equalsIgnoreCase(state)) {
          type = each;
        }
      }
      if (type != null) {
        types.add(type);
      } else {
        names.add(state);
      }
    }
    if (!types.isEmpty() && !names.isEmpty()) {
      throw new UsageException(
          "--state can't combine names such as '"
              + names.iterator().next()
              + "' with the types of states.");
    }
    return FlowRunFilter.ALL
        .withFlowNames(new LinkedHashSet<>(flowNames))
        .withStateTypes(types)
        .withStateNames(names);
  }

  private List<FlowRunRecord> read(FlowRunApi api, FlowRunFilter filter) {
    List<FlowRunRecord> runs = new ArrayList<>();
    while (runs.size() < limit) {
      Page page = new Page(Math.min(Page.MAX_LIMIT, limit - runs.size()), runs.size());
      List<FlowRunRecord> more = api.listFlowRuns(filter, FlowRunSort.CREATED_DESC, page);
      runs.addAll(more);
      if (more.size() < page.limit()) {
        break;
      }
    }
    return runs;
  }
}
