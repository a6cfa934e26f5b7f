package dev.sheave.agent;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunUpdate;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.UntilAvailable;
import dev.sheave.infrastructure.ExitCodes;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.internal.SheaveOnly;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
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
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /** How long the orchestrator may be unavailable before the outcome of a run is lost. */
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  /** How long a run that waits to be tried again is left to the process that failed. */
  private static final Duration RETRY_IN_PROCESS = Duration.ofSeconds(30);

  private final Sheave sheave;
  private final FlowRunApi api;
  private final InfrastructureResolver infrastructure;
  private final ActiveRuns active;
  private final Consumer<String> output;
  private final ExecutorService workers = Executors.newCachedThreadPool(Workers::thread);

  Submission(
      Sheave sheave,
      InfrastructureResolver infrastructure,
      ActiveRuns active,
      Consumer<String> output) {
    this.sheave = sheave;
    this.api = sheave.api().flowRuns();
    this.infrastructure = infrastructure;
    this.active = active;
    this.output = output;
  }

  /**
   * Takes a run, and starts it in the background.
   *
   * @return whether it was taken; another agent may have been faster
   */
  boolean submit(FlowRunRecord run) {
    if (isTriedAgainByItsProcess(run)) {
      return false;
    }
    State claim = Claim.state(); // asked for again, it gets the answer that was lost
    StateTransition answer =
        UntilAvailable.call(TIMEOUT, () -> api.setFlowRunState(run.id(), claim, false));
    if (!answer.isAccepted()) {
      LOG.debug("Flow run '{}' isn't executed here: {}", run.id(), answer.reason());
      return false;
    }
    LOG.info("Submitting flow run '{}'", run.id());
    active.add(run.id());
    workers.execute(() -> start(run, () -> infrastructure.of(run)));
    return true;
  }

  /** Starts a run that is taken already in the background. */
  void start(FlowRunRecord run, Infrastructure where) {
    active.add(run.id());
    workers.execute(() -> start(run, () -> where));
  }

  private static boolean isTriedAgainByItsProcess(FlowRunRecord run) {
    Instant due = run.nextScheduledStartTime();
    return run.state().name().equals("AwaitingRetry")
        && run.infrastructurePid() != null
        && due != null
        && due.plus(RETRY_IN_PROCESS).isAfter(Instant.now());
  }

  private void start(FlowRunRecord run, Supplier<Infrastructure> where) {
    RunningInfrastructure running;
    try {
      running = UntilAvailable.call(TIMEOUT, () -> attempt(run, where));
    } catch (SheaveException e) {
      LOG.error("Failed to submit flow run '{}' to infrastructure: {}", run.id(), e.getMessage());
      end(run, stateOf(e));
      active.remove(run.id());
      return;
    } catch (RuntimeException | LinkageError e) { // of an infrastructure block; the agent goes on
      LOG.error("Failed to submit flow run '{}' to infrastructure.", run.id(), e);
      end(
          run,
          State.of(StateType.CRASHED, "Flow run could not be submitted to infrastructure. " + e));
      active.remove(run.id());
      return;
    }
    running.exit().whenComplete((code, error) -> workers.execute(() -> ended(run, running, code)));
    boolean stop = active.setInfrastructure(run.id(), running);
    try {
      UntilAvailable.call(
          TIMEOUT,
          () -> {
            api.updateFlowRun(run.id(), FlowRunUpdate.NONE.withInfrastructurePid(running.pid()));
            return true;
          });
      LOG.info("Completed submission of flow run '{}'", run.id());
    } catch (SheaveException e) {
      LOG.error(
          "The infrastructure of flow run '{}' ({}) could not be recorded, so the run can't be"
              + " cancelled: {}",
          run.id(),
          running.pid(),
          e.getMessage());
    }
    if (stop) {
      running.kill(Duration.ZERO);
    }
  }

  private RunningInfrastructure attempt(FlowRunRecord run, Supplier<Infrastructure> where) {
    try {
      return where.get().start(request(run));
    } catch (SheaveException e) {
      if (e.code() == Code.UNAVAILABLE) {
        LOG.warn("Flow run '{}' waits to be started: {}", run.id(), e.getMessage());
      }
      throw e;
    }
  }

  private RunRequest request(FlowRunRecord run) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("sheave.dev/flow-run-id", run.id().toString());
    labels.put("sheave.dev/flow-run-name", run.name());
    labels.put("sheave.dev/flow-name", run.flowName());
    return new RunRequest(
        run.id(),
        run.name(),
        labels,
        sheave.api().url(),
        sheave.key(SheaveOnly.PASS).orElse(null),
        sheave.encryptionKey(SheaveOnly.PASS).orElse(null),
        sheave.settings(SheaveOnly.PASS),
        sheave.home(),
        output);
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

  private void ended(FlowRunRecord run, RunningInfrastructure running, @Nullable OptionalInt code) {
    try {
      FlowRunRecord now = UntilAvailable.call(TIMEOUT, () -> api.readFlowRun(run.id()));
      StateType state = now.state().type();
      boolean isOurs =
          now.infrastructurePid() == null || now.infrastructurePid().equals(running.pid());
      if (isOurs && (state == StateType.RUNNING || state == StateType.PENDING)) {
        String message = message(code);
        LOG.error("Flow run '{}' crashed: {}", run.id(), message);
        end(run, State.of(StateType.CRASHED, message));
      }
    } catch (SheaveException e) {
      LOG.error("The outcome of flow run '{}' isn't known: {}", run.id(), e.getMessage());
    } finally {
      active.remove(run.id());
    }
  }

  private static String message(@Nullable OptionalInt code) {
    if (code == null || code.isEmpty() || code.getAsInt() == 0) {
      return "Flow run infrastructure ended before the run did.";
    }
    return "Flow run infrastructure exited with non-zero status code "
        + code.getAsInt()
        + "."
        + ExitCodes.explain(code.getAsInt()).map(text -> " " + text).orElse("");
  }

  private void end(FlowRunRecord run, State state) {
    try {
      UntilAvailable.call(TIMEOUT, () -> api.setFlowRunState(run.id(), state, false));
    } catch (SheaveException e) {
      LOG.error(
          "The state of flow run '{}', {}, could not be recorded: {}",
          run.id(),
          state.name(),
          e.getMessage());
    }
  }

  @Override
  public void close() {
    workers.shutdown();
  }
}
