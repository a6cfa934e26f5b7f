package dev.sheave.cli.command;

import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Suggestions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code sheave flow-run ls}. */
@picocli.CommandLine.Command(
    description = "List the flow runs, newest first.",
    footer = {"", "  $ sheave flow-run ls --flow-name log-flow --state failed --limit 50"})
final class FlowRunList extends ViewCommand {
  /** Names of states beside those of their types. */
  private static final List<String> OTHER_NAMES = List.of("Late", "AwaitingRetry", "TimedOut");

  @Option(
      names = "--flow-name",
      paramLabel = "FLOW",
      description = "Only runs of this flow; may be repeated.")
  List<String> flowNames = new ArrayList<>();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only runs in this state, such as Completed or Late; may be repeated.")
  List<String> states = new ArrayList<>();

  @Option(
      names = "--state-type",
      paramLabel = "TYPE",
      description = "Only runs in a state of this type, such as completed; may be repeated.")
  List<String> stateTypes = new ArrayList<>();

  @Option(names = "--limit", paramLabel = "NUMBER", description = "How many at most. Default: 15.")
  int limit = 15;

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    checkLimit(limit);
    RecordFilter filter = filter();
    FlowRunApi api = invocation.sheave().api().flowRuns();
    List<FlowRunRecord> runs =
        readUpTo(limit, page -> api.listFlowRuns(filter, FlowRunSort.CREATED_DESC, page));
    if (format == Format.JSON) {
      return printJson(terminal, FlowRunJson.RUN.toJson(runs));
    }
    if (runs.isEmpty()) {
      terminal.complain(
          "There are no flow runs"
              + (filter.equals(RecordFilter.ALL) ? " yet." : " that match." + hint()));
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

  private RecordFilter filter() {
    EnumSet<StateType> types = EnumSet.noneOf(StateType.class);
    LinkedHashSet<String> names = new LinkedHashSet<>();
    for (String state : states) {
      // the name of a type stands for all states of it
      Optional<StateType> type = typeOf(state);
      type.ifPresent(types::add);
      if (type.isEmpty()) {
        names.add(OTHER_NAMES.stream().filter(state::equalsIgnoreCase).findFirst().orElse(state));
      }
    }
    if (!types.isEmpty() && !names.isEmpty()) {
      throw new UsageException(
          "--state can't combine state names, such as '"
              + names.iterator().next()
              + "', with state types.");
    }
    EnumSet<StateType> wantedTypes = EnumSet.noneOf(StateType.class);
    stateTypes.forEach(type -> wantedTypes.add(typeOf(type).orElseThrow(() -> noSuchType(type))));
    if (!types.isEmpty() && !wantedTypes.isEmpty()) {
      types.retainAll(wantedTypes);
      if (types.isEmpty()) {
        throw new UsageException("No state matches both --state and --state-type.");
      }
    } else {
      types.addAll(wantedTypes);
    }
    FlowRunFilter runs = FlowRunFilter.ALL;
    if (!types.isEmpty()) {
      runs = runs.withStateTypes(types);
    }
    if (!names.isEmpty()) {
      runs = runs.withStateNames(names);
    }
    RecordFilter filter = RecordFilter.of(runs);
    return flowNames.isEmpty() ? filter : filter.withFlowNames(new LinkedHashSet<>(flowNames));
  }

  private static Optional<StateType> typeOf(String name) {
    return Arrays.stream(StateType.values())
        .filter(type -> type.name().equalsIgnoreCase(name))
        .findFirst();
  }

  private static UsageException noSuchType(String name) {
    List<String> types =
        Arrays.stream(StateType.values())
            .map(type -> type.name().toLowerCase(Locale.ROOT))
            .toList();
    return new UsageException(
        "'"
            + name
            + "' isn't a state type."
            + Suggestions.hint(name, types)
            + " The state types are: "
            + String.join(", ", types)
            + ".");
  }

  /** Suggests a state if no run is in the one that was asked for. */
  private String hint() {
    List<String> known = new ArrayList<>(OTHER_NAMES);
    for (StateType type : StateType.values()) {
      known.add(type.displayName());
    }
    return states.stream()
        .filter(state -> known.stream().noneMatch(state::equalsIgnoreCase))
        .map(state -> Suggestions.hint(state, known))
        .findFirst()
        .orElse("");
  }
}
