package dev.sheave.agent;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.agent.InfrastructureResolver.Loaded;
import dev.sheave.agent.InfrastructureResolver.Target;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunUpdate;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.LogLevel;
import dev.sheave.api.RunFence;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.UntilAvailable;
import dev.sheave.flow.FlowRunContext;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.Ended.Kind;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes runs, starts their infrastructure, and makes sure that none is left Running when it ends.
 */
final class Submission implements AutoCloseable {
  /** Said of a run of which nobody knows more. */
  static final String ENDED_WITH_AGENT =
      "Flow run infrastructure ended before the run did, and so did its agent.";

  static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /** How long the orchestrator may be unavailable before the outcome of a run is lost. */
  static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final FlowRunApi api;
  private final InfrastructureResolver infrastructure;
  private final ActiveRuns active;
  private final OutputPositions positions;
  private final Consumer<List<String>> output;
  private final ExecutorService workers = Executors.newCachedThreadPool(Workers::thread);

  Submission(
      FlowRunApi api,
      InfrastructureResolver infrastructure,
      ActiveRuns active,
      OutputPositions positions,
      Consumer<List<String>> output) {
    this.api = api;
    this.infrastructure = infrastructure;
    this.active = active;
    this.positions = positions;
    this.output = output;
  }

  /** Lets runs of agents that have died reach their records again. */
  void resumeAccess() {
    infrastructure.resumeAccess();
  }

  /** Returns what takes the output of a run. */
  RunOutput outputOf(UUID run) {
    return positions.of(run, output);
  }

  /** Returns what takes the rest of the output of a run that another agent has followed. */
  RunOutput restOfOutputOf(UUID run) {
    return positions.goingOn(run, output);
  }

  /**
   * Starts runs that the agent has taken together in the background. Those in its own process,
   * which start at once, are started one after the other; all others at the same time.
   */
  void start(List<FlowRunRecord> runs) {
    runs.forEach(active::add);
    Loaded loaded = new Loaded();
    if (!runs.isEmpty()) {
      workers.execute(() -> start(runs, loaded));
    }
  }

  private void start(List<FlowRunRecord> runs, Loaded loaded) {
    boolean areHere = true;
    for (FlowRunRecord run : runs) {
      areHere = areHere && infrastructure.isOfAgent(run, loaded);
      if (areHere) {
        start(run, loaded);
      } else {
        workers.execute(() -> start(run, loaded));
      }
    }
  }

  private void start(FlowRunRecord run, Loaded loaded) {
    LOG.info("Submitting flow run '{}'", run.id());
    start(
        run,
        () ->
            infrastructure.toStart(
                run, Claim.attempt(api, run), where -> outputOn(where, run.id()), loaded));
  }

  /** Of what ends with this agent nothing is noted for the next one. */
  private RunOutput outputOn(Infrastructure where, UUID run) {
    if (where.endsWithAgent()) {
      return new RunOutput(line -> output.accept(List.of(line)), position -> {});
    }
    positions.begin(run);
    return outputOf(run);
  }

  /** Starts a run that is taken already in the background. */
  void start(FlowRunRecord run, Infrastructure where) {
    active.add(run);
    workers.execute(
        () -> start(run, () -> infrastructure.toStartOn(where, run, outputOf(run.id()))));
  }

  /** Sees to the end of a run that an agent which died has started. */
  void adopt(FlowRunRecord run, RunningInfrastructure running) {
    LOG.info("Following flow run '{}' ({})", run.id(), running.pid());
    infrastructure.resumeAccess(); // its agent, which has died, may have served it
    positions.begin(run.id());
    active.add(run);
    follow(run, running, ENDED_WITH_AGENT);
  }

  /** Lets go of a run that isn't the agent's any more; what executes it goes on. */
  void letGo(UUID run) {
    LOG.warn("Flow run '{}' was taken over by another agent.", run);
    Optional<RunningInfrastructure> running = active.infrastructure(run);
    active.remove(run);
    running.ifPresent(RunningInfrastructure::close);
  }

  private void start(FlowRunRecord run, Supplier<Target> target) {
    RunningInfrastructure running;
    try {
      running =
          active.start(run.id(), () -> UntilAvailable.call(TIMEOUT, () -> attempt(run, target)));
    } catch (SheaveException e) {
      LOG.error("Failed to submit flow run '{}' to infrastructure: {}", run.id(), e.getMessage());
      endUnstarted(run, stateOf(e));
      return;
    } catch (RuntimeException | LinkageError e) { // of an infrastructure block; the agent goes on
      LOG.error("Failed to submit flow run '{}' to infrastructure.", run.id(), e);
      endUnstarted(
          run,
          State.of(StateType.CRASHED, "Flow run could not be submitted to infrastructure. " + e));
      return;
    }
    if (!active.contains(run.id())) {
      running.close(); // it was taken over meanwhile
      return;
    }
    boolean stop = follow(run, running, "Flow run infrastructure ended before the run did.");
    if (running.recordsItsPid() || recordPid(run, running)) {
      LOG.info("Completed submission of flow run '{}'", run.id());
    }
    if (stop) {
      running.kill(Duration.ZERO);
    }
  }

  private boolean recordPid(FlowRunRecord run, RunningInfrastructure running) {
    try {
      UntilAvailable.call(
          TIMEOUT,
          () -> {
            api.updateFlowRun(
                run.id(),
                FlowRunUpdate.NONE
                    .withInfrastructurePid(running.pid())
                    .with(RunFence.ofOwner(run.lease())));
            return true;
          });
      return true;
    } catch (SheaveException e) {
      LOG.error(
          "The infrastructure of flow run '{}' ({}) could not be recorded, so the run can't be"
              + " cancelled: {}",
          run.id(),
          running.pid(),
          e.getMessage());
      return false;
    }
  }

  /** Records why a run wasn't started, unless it was cancelled meanwhile. */
  private void endUnstarted(FlowRunRecord run, State why) {
    try {
      State now = UntilAvailable.call(TIMEOUT, () -> api.readFlowRun(run.id())).state();
      boolean isOlderClients = now.name().equals("Cancelling") && now.type().isTerminal();
      if (now.type() == StateType.CANCELLING || isOlderClients) {
        State cancelled =
            State.of(
                StateType.CANCELLED, "It was cancelled before its infrastructure had started.");
        UntilAvailable.call(
            TIMEOUT, () -> api.setFlowRunState(run.id(), cancelled, isOlderClients));
        LOG.info("Cancelled flow run '{}'", run.id());
      } else {
        end(run, why);
      }
    } catch (SheaveException e) {
      LOG.error("The end of flow run '{}' is not recorded: {}", run.id(), e.getMessage());
    } finally {
      positions.forget(run.id());
      active.remove(run.id());
    }
  }

  /**
   * Sees to a run's end.
   *
   * @param unexplained what is said of a run that ended without its infrastructure saying why
   * @return whether it must be stopped right away
   */
  private boolean follow(FlowRunRecord run, RunningInfrastructure running, String unexplained) {
    boolean stop = active.setInfrastructure(run.id(), running);
    running
        .ended()
        .whenComplete(
            (ended, error) -> {
              if (running.hasRecordedEnd()) {
                ended(run, running, ended, unexplained); // nobody is to be asked or told
              } else {
                workers.execute(() -> ended(run, running, ended, unexplained));
              }
            });
    return stop;
  }

  private RunningInfrastructure attempt(FlowRunRecord run, Supplier<Target> target) {
    Target where = null;
    try {
      where = target.get();
      return where.start();
    } catch (SheaveException e) {
      if (e.code() == Code.UNAVAILABLE) {
        LOG.warn("Flow run '{}' waits to be started: {}", run.id(), e.getMessage());
      }
      if (e.code() == Code.INTERRUPTED && where != null) {
        return startedNonetheless(where).orElseThrow(() -> e);
      }
      throw e;
    }
  }

  /** What was interrupted when it had started goes on, and is ended as others are. */
  private static Optional<RunningInfrastructure> startedNonetheless(Target where) {
    Thread.interrupted();
    try {
      return Optional.of(where.attach(null, null));
    } catch (SheaveException e) {
      return Optional.empty();
    }
  }

  /** Errors that the user can fix are failures, all others are crashes. */
  private static State stateOf(SheaveException e) {
    return switch (e.code()) {
      case NOT_FOUND, INVALID, UNSUPPORTED, CONFLICT, ALREADY_EXISTS ->
          State.of(StateType.FAILED, "Submission failed. " + e.getMessage());
      default ->
          State.of(
              StateType.CRASHED,
              "Flow run could not be submitted to infrastructure. " + e.getMessage());
    };
  }

  private void ended(
      FlowRunRecord run, RunningInfrastructure running, @Nullable Ended ended, String unexplained) {
    if (!active.isOn(run.id(), running)) {
      return; // it was taken over
    }
    positions.show(run.id());
    try {
      if (isEndRecorded(run, running, ended, unexplained)) { // otherwise the next agent needs it
        running.remove();
        positions.forget(run.id());
      }
    } catch (SheaveException e) {
      LOG.error("The outcome of flow run '{}' isn't known: {}", run.id(), e.getMessage());
    } catch (RuntimeException | LinkageError e) { // of an infrastructure block
      LOG.warn("What is left of flow run '{}' could not be removed.", run.id(), e);
    } finally {
      active.remove(run.id());
    }
  }

  /** Records the end of a run that hasn't done so itself; returns whether it is recorded. */
  private boolean isEndRecorded(
      FlowRunRecord run, RunningInfrastructure running, @Nullable Ended ended, String unexplained) {
    if (running.hasRecordedEnd()) {
      return true;
    }
    FlowRunRecord now;
    try {
      now = UntilAvailable.call(TIMEOUT, () -> api.readFlowRun(run.id()));
    } catch (SheaveException e) {
      if (e.code() == Code.NOT_FOUND) {
        LOG.warn("Flow run '{}' was deleted before it ended.", run.id());
        return true;
      }
      throw e;
    }
    StateType state = now.state().type();
    boolean isOurs =
        now.infrastructurePid() == null || now.infrastructurePid().equals(running.pid());
    if (isOurs && (state == StateType.RUNNING || state == StateType.PENDING)) {
      String message = message(ended, unexplained);
      LOG.error("Flow run '{}' crashed: {}", run.id(), message);
      return end(run, State.of(StateType.CRASHED, message));
    }
    if (isOurs && state == StateType.CRASHED && ended != null) {
      recordOuterReason(run, ended);
    }
    return true;
  }

  /**
   * Records in the log of a run that has noted its end itself why it was ended from outside, if its
   * infrastructure knows more than the exit code says, such as that a pod was evicted.
   */
  private void recordOuterReason(FlowRunRecord run, Ended ended) {
    String reason = ended.reason();
    OptionalInt code = ended.exitCode();
    if (reason == null
        || ended.kind() != Kind.KILLED
        || (code.isPresent() && reason.equals(Ended.withCode(code.getAsInt()).reason()))) {
      return;
    }
    LOG.error("Flow run '{}' was ended from outside: {}", run.id(), reason);
    NewLogLine line =
        new NewLogLine(run.id(), FlowRunContext.LOGGER_NAME, LogLevel.ERROR, reason, Instant.now());
    UntilAvailable.call(
        TIMEOUT,
        () -> {
          api.createLogs(List.of(line));
          return true;
        });
  }

  private static String message(@Nullable Ended ended, String unexplained) {
    String reason = ended == null || ended.reason() == null ? "" : " " + ended.reason();
    if (ended == null || ended.kind() == Kind.GONE || ended.exitCode().orElse(-1) == 0) {
      return unexplained + reason;
    }
    if (ended.kind() == Kind.NEVER_STARTED) {
      return "Flow run infrastructure could not start the run." + reason;
    }
    return ended.exitCode().isPresent()
        ? "Flow run infrastructure exited with non-zero status code "
            + ended.exitCode().getAsInt()
            + "."
            + reason
        : "Flow run infrastructure was ended." + reason;
  }

  /** Records an end; returns whether it is recorded. */
  private boolean end(FlowRunRecord run, State state) {
    try {
      State proposed = state.withDetails(state.stateDetails().with(RunFence.ofOwner(run.lease())));
      StateTransition answer =
          UntilAvailable.call(TIMEOUT, () -> api.setFlowRunState(run.id(), proposed, false));
      return answer.isAccepted() || answer.state().isTerminal() || answer.isRecorded();
    } catch (SheaveException e) {
      LOG.error(
          "The state of flow run '{}', {}, could not be recorded: {}",
          run.id(),
          state.name(),
          e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    workers.shutdown();
    infrastructure.close();
  }
}
