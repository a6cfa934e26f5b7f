package dev.sheave.runtime;

import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.runtime.internal.Throwables;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** One call of a flow. */
final class FlowCall {
  /** How long a flow may take to react to its timeout. */
  private static final Duration AFTER_TIMEOUT = Duration.ofSeconds(5);

  private static final int MAX_MESSAGE = 10_000;

  private final FlowDefinition flow;
  private final RunContext context;
  private final Logger logger;
  private final RunHost host;

  FlowCall(FlowDefinition flow, RunContext context, Logger logger, RunHost host) {
    this.flow = flow;
    this.context = context;
    this.logger = logger;
    this.host = host;
  }

  /** Calls the flow and returns the state its run shall end in. */
  State call(@Nullable Object[] arguments) {
    return host.isAlone() || !flow.timeout().isZero() ? callInOwn(arguments) : callHere(arguments);
  }

  /** Calls it in this thread, which is the run's alone. */
  private State callHere(@Nullable Object[] arguments) {
    if (host.stop().isMade()) {
      return interrupted();
    }
    host.stop().setThread(Thread.currentThread());
    Outcome outcome = invoke(arguments);
    host.stop().setThread(null);
    Thread.interrupted(); // it was for the flow
    return stateAfter(outcome);
  }

  /** Calls it in a thread of its own, so that its time can be limited. */
  private State callInOwn(@Nullable Object[] arguments) {
    Set<Thread> before = host.isAlone() ? Thread.getAllStackTraces().keySet() : Set.of();
    CompletableFuture<Outcome> result = new CompletableFuture<>();
    Thread thread = new Thread(() -> result.complete(invoke(arguments)), context.flowRunName());
    thread.setDaemon(!host.isAlone()); // so are the threads it starts, as in any program
    thread.setContextClassLoader(flow.method().owner().getClassLoader());
    thread.start();
    host.stop().setThread(thread);
    State outcome = await(thread, result);
    host.stop().setThread(null);
    if (host.isAlone()) {
      warnOfThreadsLeft(before, thread);
    }
    return outcome;
  }

  private Outcome invoke(@Nullable Object[] arguments) {
    try {
      return new Outcome(host.callFor(context, () -> callFlow(arguments)), null);
    } catch (Throwable e) { // whatever it is, it ends the run
      return new Outcome(null, e);
    }
  }

  private @Nullable Object callFlow(@Nullable Object[] arguments) throws Exception {
    try {
      return flow.invoke(arguments);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) { // neither: a class of the flow's own making
      throw new UndeclaredThrowableException(e);
    }
  }

  /**
   * The outcome of a call. The error isn't wrapped, since wrappers ask for its message, which may
   * throw.
   *
   * @param value the returned value
   * @param error the thrown error, or null
   */
  private record Outcome(@Nullable Object value, @Nullable Throwable error) {}

  private State await(Thread thread, CompletableFuture<Outcome> result) {
    Duration timeout = flow.timeout();
    try {
      Outcome outcome =
          timeout.isZero() ? result.get() : result.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return stateAfter(outcome);
    } catch (ExecutionException e) {
      throw new IllegalStateException("outcomes are never errors", e);
    } catch (TimeoutException e) {
      return timedOut(thread, timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread.interrupt();
      return interrupted();
    }
  }

  private State stateAfter(Outcome outcome) {
    Throwable error = outcome.error();
    if (error == null) {
      return completed(outcome.value());
    }
    return host.stop().isMade() ? interrupted() : failed(error);
  }

  private static State interrupted() {
    return State.of(StateType.CRASHED, "Execution was interrupted.");
  }

  private State completed(@Nullable Object value) {
    State state = FlowResult.completed(flow.method().method(), value);
    if (state.message() != null) {
      logger.warn(state.message());
    }
    return state;
  }

  private State failed(Throwable error) {
    logger.error("Encountered exception during execution:", error);
    String message = "Flow run encountered an exception. " + Throwables.describe(error);
    return State.of(
        StateType.FAILED,
        message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "…" : message);
  }

  private State timedOut(Thread thread, Duration timeout) {
    String message = "Flow run exceeded timeout of " + timeout.toMillis() / 1000.0 + " seconds";
    logger.error(message);
    thread.interrupt();
    try {
      thread.join(AFTER_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      logger.warn("The flow ignores that its thread was interrupted, and keeps running.");
    }
    return State.of(StateType.FAILED, "TimedOut", message);
  }

  /** The flow's own thread may still be on its last step, or was warned of already. */
  private void warnOfThreadsLeft(Set<Thread> before, Thread own) {
    String left =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread != own && thread.isAlive() && !thread.isDaemon())
            .filter(thread -> !before.contains(thread))
            .map(Thread::getName)
            .sorted()
            .collect(Collectors.joining(", "));
    if (!left.isEmpty()) {
      logger.warn("The flow left threads running, which end with its process: {}", left);
    }
  }
}
