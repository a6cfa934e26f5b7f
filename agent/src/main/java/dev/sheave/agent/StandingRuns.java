package dev.sheave.agent;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.infrastructure.StandingRun;
import dev.sheave.internal.Arguments;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What stands on an infrastructure of the runs of a store, whatever agents have started it. Safe
 * for use by several threads.
 */
public final class StandingRuns {
  /** How long after the end of a run what has executed it is left to end, and its agent to see. */
  private static final Duration END_TIME = Duration.ofMinutes(1);

  private final Sheave sheave;
  private final Infrastructure infrastructure;
  private final Duration endTime;

  /**
   * Looks at an infrastructure.
   *
   * @param sheave where the records of the runs are
   * @param infrastructure a block with all that names where it is
   */
  public StandingRuns(Sheave sheave, Infrastructure infrastructure) {
    this(sheave, infrastructure, END_TIME);
  }

  StandingRuns(Sheave sheave, Infrastructure infrastructure, Duration endTime) {
    this.sheave = Arguments.notNull(sheave, "sheave");
    this.infrastructure = Arguments.notNull(infrastructure, "infrastructure");
    this.endTime = endTime;
  }

  /**
   * What stands.
   *
   * @param standing on the infrastructure
   * @param run its record; empty if that was deleted
   * @param isOwned whether the run goes on with it, or has ended just now, so that its agent is
   *     about to remove it
   */
  public record Entry(StandingRun standing, Optional<FlowRunRecord> run, boolean isOwned) {}

  /**
   * Lists it, oldest first.
   *
   * @throws SheaveException {@code UNAVAILABLE} if the infrastructure or the store doesn't respond;
   *     {@code UNSUPPORTED} if the infrastructure can't tell
   */
  public List<Entry> list() {
    // before the records are read, so that what starts meanwhile isn't taken for that of no run
    List<StandingRun> all =
        new ArrayList<>(infrastructure.standing(sheave.api().storeId(), sheave.home()));
    all.sort(Comparator.comparing(StandingRun::created).thenComparing(StandingRun::pid));
    Set<UUID> ids = all.stream().map(StandingRun::flowRunId).collect(Collectors.toSet());
    Map<UUID, FlowRunRecord> runs =
        ids.isEmpty()
            ? Map.of()
            : sheave.api().flowRuns().listAllFlowRuns(FlowRunFilter.ALL.withIds(ids)).stream()
                .collect(Collectors.toMap(FlowRunRecord::id, Function.identity()));
    return all.stream()
        .map(each -> entry(each, Optional.ofNullable(runs.get(each.flowRunId()))))
        .toList();
  }

  private Entry entry(StandingRun standing, Optional<FlowRunRecord> run) {
    return new Entry(standing, run, run.filter(record -> isOwnedBy(record, standing)).isPresent());
  }

  private boolean isOwnedBy(FlowRunRecord run, StandingRun standing) {
    return run.state().type().isTerminal()
        ? run.state().timestamp().plus(endTime).isAfter(Instant.now())
        : standing.attempt() >= Claim.attempt(sheave.api().flowRuns(), run);
  }

  /**
   * Returns what stands of a run, the newest last.
   *
   * @throws SheaveException {@code NOT_FOUND} if nothing does
   */
  public List<Entry> of(UUID flowRunId) {
    Arguments.notNull(flowRunId, "flowRunId");
    List<Entry> found =
        list().stream().filter(each -> each.standing.flowRunId().equals(flowRunId)).toList();
    if (found.isEmpty()) {
      throw new SheaveException(
          Code.NOT_FOUND, "Nothing stands there of flow run '" + flowRunId + "'.");
    }
    return found;
  }

  /**
   * Hands on what it printed, and what it prints, until it ends.
   *
   * @param lines takes them, from another thread
   * @throws SheaveException {@code NOT_FOUND} if it was removed, or never started
   */
  public void follow(Entry entry, Consumer<String> lines) {
    try (RunningInfrastructure running = attach(entry, Arguments.notNull(lines, "lines"))) {
      running.ended().toCompletableFuture().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(Code.INTERRUPTED, "The output is no longer shown.", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause()); // it is never completed so
    }
  }

  /**
   * Ends what runs, with all that it has started: asks it to end, and kills it after the grace
   * period. Its agent, or the next one, records that.
   *
   * @throws SheaveException {@code NOT_FOUND} if it was removed, or never started; {@code CONFLICT}
   *     if a part of it can't be ended
   */
  public void kill(Entry entry, Duration grace) {
    try (RunningInfrastructure running = attach(entry, line -> {})) {
      running.kill(Arguments.notNull(grace, "grace"));
    }
  }

  private RunningInfrastructure attach(Entry entry, Consumer<String> lines) {
    StandingRun standing = Arguments.notNull(entry, "entry").standing;
    String name = entry.run.map(FlowRunRecord::name).orElse(standing.flowRunId().toString());
    RunRequest request =
        RunRequest.builder(standing.flowRunId(), name, ApiAccess.to(sheave.api().url()))
            .attempt(standing.attempt())
            .home(sheave.home())
            .output(lines)
            .build();
    return infrastructure.attach(request, standing.pid(), null);
  }

  /**
   * Ends and removes all that no run goes on with: of runs that were deleted, have ended, or go on
   * with another attempt. What can't be removed doesn't keep the rest.
   *
   * @return what was removed
   * @throws SheaveException the first reason if something can't be removed
   */
  public List<Entry> prune() {
    List<Entry> removed = new ArrayList<>();
    SheaveException failure = null;
    for (Entry each : list()) {
      if (!each.isOwned) {
        try {
          each.standing.remove();
          removed.add(each);
        } catch (SheaveException e) {
          failure = failure == null ? e : failure;
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return removed;
  }
}
