package dev.sheave.runtime;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunUpdate;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.FlowRunRecord.RetryPolicy;
import dev.sheave.api.RunFence;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.UntilAvailable;
import dev.sheave.block.Blocks;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.flow.LoadedFlow;
import dev.sheave.internal.Backoff;
import dev.sheave.internal.ProcessIdentity;
import dev.sheave.runtime.internal.CommonPoolThreads;
import dev.sheave.runtime.internal.RunLog;
import dev.sheave.runtime.internal.Throwables;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The execution of one run, through its states. */
final class FlowRunExecution {
  private static final Duration FLUSH_TIME = Duration.ofSeconds(60);

  /** How the names of this program's executions begin. */
  private static final String EXECUTORS = ProcessIdentity.own() + "/";

  private final Sheave sheave;
  private final FlowRunApi api;
  private final FlowRunRecord run;
  private final RunLog log;
  private final RunFence fence;
  private final Logger logger;
  private final RunHost host;

  /** Names this execution: a program may be asked twice to execute a run. */
  private final String executor = EXECUTORS + UUID.randomUUID();

  private @Nullable String notedPid;

  FlowRunExecution(Sheave sheave, FlowRunRecord run, RunLog log, RunFence fence, RunHost host) {
    this.sheave = sheave;
    this.api = sheave.api().flowRuns();
    this.run = run;
    this.log = log;
    this.fence = fence;
    this.logger = log.logger();
    this.host = host;
    this.notedPid = run.infrastructurePid();
  }

  State execute(BiFunction<FlowRunRecord, Logger, LoadedFlow> code) {
    AbruptExit exit = host.isAlone() ? AbruptExit.watch(this::endAbruptly) : null;
    try {
      if (run.infrastructurePid() == null && !isPidToldWithRunning()) {
        noteProcess();
      }
      return fetchAndExecute(code);
    } catch (SheaveException e) {
      if (e.code() != Code.CONFLICT) {
        throw e;
      }
      logger.info("This run is not executed here: {}", e.getMessage()); // another process has it
      return run.state();
    } finally {
      if (exit != null) {
        exit.unwatch();
      }
    }
  }

  private State fetchAndExecute(BiFunction<FlowRunRecord, Logger, LoadedFlow> code) {
    LoadedFlow flow;
    try {
      flow = code.apply(run, logger);
    } catch (SheaveException e) {
      logger.error("Flow could not be retrieved from deployment. {}", e.getMessage());
      return giveUp("Flow could not be retrieved from deployment. " + e.getMessage());
    } catch (RuntimeException | LinkageError e) { // a storage block's defects are the run's as well
      logger.error("Flow could not be retrieved from deployment.", e);
      return giveUp("Flow could not be retrieved from deployment. " + Throwables.describe(e));
    }
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    ClassLoader ofFlow = flow.definition().method().owner().getClassLoader();
    try (flow) {
      // classes of the flow's take part in reading its parameters and in writing its result
      Thread.currentThread().setContextClassLoader(ofFlow);
      if (host.isAlone()) {
        CommonPoolThreads.use(ofFlow);
      }
      Sheave ofRun = sheave.withBlockTypes(flow.blockTypes());
      return host.callWith(ofRun, () -> execute(flow.definition(), ofRun.blocks()));
    } finally {
      if (host.isAlone()) {
        CommonPoolThreads.use(null);
      }
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private State execute(FlowDefinition flow, Blocks blocks) {
    Map<String, @Nullable Object> parameters = flow.withDefaults(run.parameters());
    @Nullable Object[] arguments;
    try {
      arguments = untilAvailable(() -> flow.arguments(run.parameters(), blocks));
    } catch (SheaveException e) {
      logger.error("Validation of flow parameters failed with error: {}", e.getMessage());
      return giveUp("Validation of flow parameters failed with error: " + e.getMessage());
    }
    whatTheCodeSays(flow, parameters)
        .ifPresent(
            said ->
                untilAvailable(
                    () -> {
                      api.updateFlowRun(run.id(), said);
                      return true;
                    }));
    RunContext context = new RunContext(api, run, parameters, this::deploymentName, logger);
    State seen = run.state();
    while (true) {
      Optional<State> refusal = enterRunning(seen);
      if (refusal.isPresent()) {
        return refusal.get();
      }
      State outcome = new FlowCall(flow, context, logger, host).call(arguments);
      StateTransition end = proposeEnd(outcome);
      if (end.state().type() != StateType.SCHEDULED) {
        logEnd(end.state());
        return end.state();
      }
      logger.info(
          "Received non-final state '{}' when proposing final state '{}' and will attempt to run"
              + " again...",
          end.state().name(),
          outcome.name());
      seen = end.state();
    }
  }

  /** Returns what the record doesn't say yet; empty if that is nothing. */
  private Optional<FlowRunUpdate> whatTheCodeSays(
      FlowDefinition flow, Map<String, @Nullable Object> parameters) {
    FlowRunUpdate update = FlowRunUpdate.NONE.with(fence);
    boolean isKnown = true; // to compare updates would take milliseconds of a run's start
    RetryPolicy retries =
        new RetryPolicy(
            flow.retries(),
            flow.retryDelay(),
            isTriedAgainElsewhere(flow) ? Map.of(RetryPolicy.RETRY_CRASHED, true) : Map.of());
    if (!retries.equals(run.retries())) {
      update = update.withRetries(retries);
      isKnown = false;
    }
    if (!parameters.equals(run.parameters())) {
      update = update.withParameters(parameters);
      isKnown = false;
    }
    String version = flow.version().orElse(run.flowVersion());
    if (version != null && !version.equals(run.flowVersion())) {
      update = update.withFlowVersion(version);
      isKnown = false;
    }
    return isKnown ? Optional.empty() : Optional.of(update);
  }

  /** An agent that has a lease of the run may start it again. */
  private boolean isTriedAgainElsewhere(FlowDefinition flow) {
    return fence.attempt() != null && flow.retries() > 0 && flow.retryCrashed();
  }

  private Optional<String> deploymentName() {
    UUID deployment = run.deploymentId();
    return deployment == null
        ? Optional.empty()
        : Optional.of(
            untilAvailable(() -> sheave.api().deployments().readDeployment(deployment).fullName()));
  }

  /**
   * Proposes to run until it may, by the clock of the store; returns the state that keeps it from
   * running, if it mustn't. Of two executions of a run, as when the first one's agent died and the
   * next took it for lost, one may: the other finds a state that it hasn't seen.
   */
  private Optional<State> enterRunning(State seen) {
    State last = seen;
    if (executorOf(last).startsWith(EXECUTORS)) {
      logger.info("This run is not executed here: this program executes it already.");
      return Optional.of(last);
    }
    while (true) {
      StateType from = last.type();
      StateTransition answer = propose(running(last));
      last = answer.state();
      switch (answer.status()) {
        case ACCEPT -> {
          if (isPidToldWithRunning()) {
            notedPid = host.pid();
          }
          noteProcess();
          return Optional.empty();
        }
        case WAIT -> sleep(answer.delay() == null ? Duration.ofSeconds(1) : answer.delay());
        case REJECT -> {
          if (last.type() != StateType.SCHEDULED) {
            return Optional.of(refused(answer));
          }
        }
        case ABORT -> {
          if (executorOf(last).equals(executor)) {
            return Optional.empty(); // the answer to an earlier attempt was lost
          }
          if (from != StateType.SCHEDULED || last.type() != StateType.SCHEDULED) {
            return Optional.of(refused(answer));
          }
        }
      }
    }
  }

  /**
   * Says which process executes the run if that isn't recorded: its agent may have died before it
   * could.
   */
  private void noteProcess() {
    String pid = host.pid();
    if (pid != null && !pid.equals(notedPid)) {
      untilAvailable(
          () -> {
            api.updateFlowRun(run.id(), FlowRunUpdate.NONE.withInfrastructurePid(pid).with(fence));
            return true;
          });
      notedPid = pid;
    }
  }

  /**
   * A thread of a program that does other things too ends with the agent that knows it, so it needs
   * no name before the flow is called. Stores with leases record the name together with the state.
   */
  private boolean isPidToldWithRunning() {
    return !host.isAlone() && run.lease() != null;
  }

  private State running(State seen) {
    StateDetails details =
        StateDetails.NONE
            .with(StateDetails.EXPECTED_STATE_ID, seen.id().toString())
            .with(StateDetails.EXECUTED_BY, executor);
    return State.of(StateType.RUNNING)
        .withDetails(
            isPidToldWithRunning()
                ? details.with(StateDetails.INFRASTRUCTURE_PID, host.pid())
                : details);
  }

  /** Returns the execution that a state says is under way; empty if it says none. */
  private static String executorOf(State state) {
    Object executor = state.stateDetails().more().get(StateDetails.EXECUTED_BY);
    return state.type() == StateType.RUNNING && executor instanceof String name ? name : "";
  }

  private State refused(StateTransition answer) {
    logger.info(
        "This run is not executed here: {}",
        answer.reason() == null ? "it is " + answer.state().name() + "." : answer.reason());
    return answer.state();
  }

  private StateTransition proposeEnd(State state) {
    boolean isWhole = log.flush(FLUSH_TIME); // who sees the run's end sees its log whole
    return propose(isWhole || log.failure().isEmpty() ? state : withLogFailure(state));
  }

  private State withLogFailure(State state) {
    String text = "Lines of its log may be missing. " + log.failure();
    return new State(
        state.id(),
        state.type(),
        state.name(),
        state.timestamp(),
        state.message() == null ? text : state.message() + " " + text,
        state.data(),
        state.stateDetails());
  }

  /** Ends a run that never ran, and that no retry can help. */
  private State giveUp(String message) {
    StateTransition answer = proposeEnd(State.of(StateType.FAILED, message));
    if (answer.state().type() == StateType.SCHEDULED) {
      State failed = State.of(StateType.FAILED, message); // one, however often it is asked for
      answer = untilAvailable(() -> api.setFlowRunState(run.id(), fenced(failed), true));
    }
    return answer.state();
  }

  private void logEnd(State state) {
    String text = StateTexts.describe(state);
    if (state.type() == StateType.COMPLETED) {
      logger.info("Finished in state {}", text);
    } else {
      logger.error("Finished in state {}", text);
    }
  }

  private StateTransition propose(State state) {
    State proposed = fenced(state);
    return untilAvailable(() -> api.setFlowRunState(run.id(), proposed, false));
  }

  private State fenced(State state) {
    return state.withDetails(state.stateDetails().with(fence));
  }

  private static <T> T untilAvailable(Supplier<T> call) {
    return UntilAvailable.call(FlowRunEngine.TIMEOUT, call);
  }

  private static void sleep(Duration duration) {
    if (duration.compareTo(Duration.ZERO) > 0) {
      Backoff.sleep(duration, "Waiting for the run's scheduled time");
    }
  }

  /** The virtual machine ends during the run. */
  private void endAbruptly(AbruptExit.Cause cause) {
    boolean mayGoOn = cause == AbruptExit.Cause.SIGNAL && host.restarts();
    logger.error(
        "{}{}", cause.sentence(), mayGoOn ? " Its infrastructure may start the run again." : "");
    log.flush(Duration.ofSeconds(10));
    if (mayGoOn) {
      return; // if it doesn't, the agent that follows the infrastructure records the crash
    }
    try {
      api.setFlowRunState(run.id(), fenced(State.of(StateType.CRASHED, cause.sentence())), false);
    } catch (SheaveException e) {
      logger.error("The crash could not be recorded: {}", e.getMessage());
    }
  }
}
