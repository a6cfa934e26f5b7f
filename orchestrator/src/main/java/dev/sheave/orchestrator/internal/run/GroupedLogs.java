package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.orchestrator.internal.database.Database.GroupWork;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Adds the lines of logs that several threads write; the lines of each are one request. */
final class GroupedLogs implements GroupWork<List<NewLogLine>, Boolean> {
  private static final int MOST_LINES = 1000;
  private static final int MOST_CHARACTERS = 4_000_000;

  @Override
  public double share(List<NewLogLine> lines) {
    double lengths = lines.stream().mapToLong(each -> each.message().length()).sum();
    return Math.max((double) lines.size() / MOST_LINES, lengths / MOST_CHARACTERS);
  }

  @Override
  public List<Optional<Boolean>> doTogether(Handle handle, List<List<NewLogLine>> requests) {
    return LogTable.insertAll(handle, requests).stream()
        .map(isAdded -> isAdded ? Optional.of(true) : Optional.<Boolean>empty())
        .toList();
  }

  @Override
  public Boolean doAlone(Handle handle, List<NewLogLine> lines) {
    LogTable.insert(handle, lines);
    return true;
  }
}
