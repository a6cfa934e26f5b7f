package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A process that stands, with its folder. */
record StandingProcess(
    RunFolder folder, UUID flowRunId, int attempt, String pid, Instant created, boolean isRunning)
    implements StandingRun {

  static List<StandingRun> list(UUID store, Path home) {
    return RunFolder.all(home).stream()
        .filter(folder -> folder.store().equals(Optional.of(store.toString())))
        .flatMap(folder -> folder.noted().flatMap(noted -> of(folder, noted)).stream())
        .toList();
  }

  private static Optional<StandingRun> of(RunFolder folder, RunFolder.Noted noted) {
    try {
      UUID run = folder.flowRunId();
      boolean isRunning =
          ProcessSearch.find(run, noted.pid()).isPresent() && folder.end(noted.launch()).isEmpty();
      return Optional.of(
          new StandingProcess(
              folder, run, folder.attempt(), noted.pid(), folder.created(), isRunning));
    } catch (SheaveException e) {
      return Optional.empty(); // another machine's, which has the same home
    }
  }

  @Override
  public void remove() {
    ProcessSearch.find(flowRunId, pid)
        .map(process -> RunProcesses.of(flowRunId, attempt, process))
        .orElseGet(() -> RunProcesses.leftBy(flowRunId, attempt, ProcessSearch.numberOf(pid)))
        .kill(Duration.ZERO);
    folder.delete();
  }
}
