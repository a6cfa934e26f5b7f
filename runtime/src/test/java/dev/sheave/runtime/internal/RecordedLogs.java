package dev.sheave.runtime.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Created;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.HistoryInterval;
import dev.sheave.api.LogFilter;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.block.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A store that keeps log lines alone, and can be away, or slow, for a while. */
final class RecordedLogs implements FlowRunApi {
  private final List<NewLogLine> lines = new ArrayList<>();
  private int batches;
  private int failures;
  private boolean held;
  private boolean isRunDeleted;
  private Runnable atEachCall = () -> {};

  /** Lets the store log something itself. */
  synchronized void sayAtEachCall(Runnable task) {
    atEachCall = task;
  }

  /** Lets the next calls fail. */
  synchronized void failNext(int calls) {
    failures = calls;
  }

  /** Refuses all lines from now on. */
  synchronized void deleteRun() {
    isRunDeleted = true;
  }

  /** Lets calls hang until {@link #release}. */
  synchronized void hold() {
    held = true;
  }

  synchronized void release() {
    held = false;
    notifyAll();
  }

  synchronized List<NewLogLine> lines() {
    return List.copyOf(lines);
  }

  synchronized int batches() {
    return batches;
  }

  @Override
  public synchronized void createLogs(List<NewLogLine> added) {
    atEachCall.run();
    try {
      while (held) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new SheaveException(Code.INTERRUPTED, "interrupted", e);
    }
    if (failures > 0) {
      failures--;
      throw new SheaveException(Code.UNAVAILABLE, "The store is away.");
    }
    batches++;
    if (isRunDeleted) {
      throw new SheaveException(Code.NOT_FOUND, "The flow run doesn't exist.");
    }
    lines.addAll(added);
  }

  private static UnsupportedOperationException notForLogs() {
    return new UnsupportedOperationException("this store keeps logs alone");
  }

  @Override
  public Created<FlowRunRecord> findOrCreateFlowRun(UUID deploymentId, NewFlowRun run) {
    throw notForLogs();
  }

  @Override
  public Created<FlowRunRecord> findOrCreateFlowRunOfFlow(UUID flowId, NewFlowRun run) {
    throw notForLogs();
  }

  @Override
  public Optional<String> readWaitReason(UUID id) {
    throw notForLogs();
  }

  @Override
  public boolean reportAlive(UUID id, int attempt) {
    throw notForLogs();
  }

  @Override
  public int renewLeases(String owner, Duration lease) {
    throw notForLogs();
  }

  @Override
  public FlowRunRecord readFlowRun(UUID id) {
    throw notForLogs();
  }

  @Override
  public void updateFlowRun(UUID id, FlowRunUpdate update) {
    throw notForLogs();
  }

  @Override
  public void deleteFlowRun(UUID id) {
    throw notForLogs();
  }

  @Override
  public List<FlowRunRecord> listFlowRuns(RecordFilter filter, FlowRunSort sort, Page page) {
    throw notForLogs();
  }

  @Override
  public StateTransition setFlowRunState(UUID id, State state, boolean force) {
    throw notForLogs();
  }

  @Override
  public List<State> listFlowRunStates(UUID id) {
    throw notForLogs();
  }

  @Override
  public List<LogLine> listLogs(UUID flowRunId, @Nullable UUID after, Page page) {
    throw notForLogs();
  }

  @Override
  public List<LogLine> listLogs(LogFilter filter, LogSort sort, Page page) {
    return lines().stream()
        .filter(line -> line.timestamp().equals(filter.timestamp().after()))
        .map(line -> new LogLine(UUID.randomUUID(), line))
        .toList();
  }

  @Override
  public Secret createRunKey(UUID id) {
    throw notForLogs();
  }

  @Override
  public int countFlowRuns(RecordFilter filter) {
    throw notForLogs();
  }

  @Override
  public List<HistoryInterval> flowRunHistory(
      RecordFilter filter, Instant start, Instant end, Duration interval) {
    throw notForLogs();
  }

  @Override
  public State readFlowRunState(UUID stateId) {
    throw notForLogs();
  }
}
