package dev.sheave.cli.command;

import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkPoolFilter;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;

/** {@code sheave work-queue preview}. */
@picocli.CommandLine.Command(
    description = "Show the runs that wait in a work queue, the next one first.",
    footer = {"", "  $ sheave work-queue preview test --hours 24"})
final class WorkQueuePreview extends PreviewCommand {

  @Mixin NamedQueue named = new NamedQueue();

  @Override
  Optional<String> check(OrchestrationApi api) {
    return named.read(api).isPaused()
        ? Optional.of("the work queue '" + named.name + "' is paused, so no agent takes its runs.")
        : Optional.empty();
  }

  @Override
  RecordFilter waiting(OrchestrationApi api) {
    RecordFilter.Builder filter =
        RecordFilter.builder()
            .flowRuns(
                FlowRunFilter.ALL
                    .withWorkQueueNames(Set.of(named.name))
                    .withStateTypes(Set.of(StateType.SCHEDULED)));
    String pool = named.pool;
    if (pool != null) {
      filter.workPools(WorkPoolFilter.ALL.toBuilder().name(FieldMatch.anyOf(Set.of(pool))).build());
    }
    return filter.build();
  }
}
