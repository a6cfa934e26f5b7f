package dev.sheave.cli.command;

import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkPoolFilter;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Parameters;

/** {@code sheave work-pool preview}. */
@picocli.CommandLine.Command(
    description = "Show the runs that wait in a work pool, the next one first.",
    footer = {"", "  $ sheave work-pool preview local --hours 24"})
final class WorkPoolPreview extends PreviewCommand {

  @Parameters(paramLabel = "NAME", description = "The work pool's name.")
  String name = "";

  @Override
  Optional<String> check(OrchestrationApi api) {
    return NamedPool.read(api, name).isPaused()
        ? Optional.of("the work pool '" + name + "' is paused, so no agent takes its runs.")
        : Optional.empty();
  }

  @Override
  RecordFilter waiting(OrchestrationApi api) {
    return RecordFilter.builder()
        .flowRuns(FlowRunFilter.ALL.withStateTypes(Set.of(StateType.SCHEDULED)))
        .workPools(WorkPoolFilter.ALL.toBuilder().name(FieldMatch.anyOf(Set.of(name))).build())
        .build();
  }
}
