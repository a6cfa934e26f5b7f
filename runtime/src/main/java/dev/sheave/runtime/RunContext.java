package dev.sheave.runtime;

import dev.sheave.SheaveException;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.StateType;
import dev.sheave.flow.FlowRunContext;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The run context that a flow sees. */
final class RunContext implements FlowRunContext {
  /** Flows ask in loops; the orchestrator is asked once in a while. */
  private static final Duration CANCELLATION_AGE = Duration.ofSeconds(1);

  private final FlowRunApi api;
  private final FlowRunRecord run;
  private final Map<String, @Nullable Object> parameters;
  private final Supplier<Optional<String>> nameOfDeployment;
  private @Nullable String deploymentName;
  private boolean isNameKnown;
  private final Logger logger;
  private boolean cancelled;
  private long askedAt = System.nanoTime();

  RunContext(
      FlowRunApi api,
      FlowRunRecord run,
      Map<String, @Nullable Object> parameters,
      Supplier<Optional<String>> nameOfDeployment,
      Logger logger) {
    this.api = api;
    this.run = run;
    this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    this.nameOfDeployment = nameOfDeployment;
    this.logger = logger;
  }

  @Override
  public Optional<UUID> flowRunId() {
    return Optional.of(run.id());
  }

  @Override
  public String flowRunName() {
    return run.name();
  }

  @Override
  public String flowName() {
    return run.flowName();
  }

  @Override
  public synchronized Optional<String> deploymentName() {
    if (!isNameKnown) { // few flows ask
      deploymentName = nameOfDeployment.get().orElse(null);
      isNameKnown = true;
    }
    return Optional.ofNullable(deploymentName);
  }

  @Override
  public Map<String, @Nullable Object> parameters() {
    return parameters;
  }

  @Override
  public Logger logger() {
    return logger;
  }

  @Override
  public synchronized boolean isCancelled() {
    long now = System.nanoTime();
    if (!cancelled && now - askedAt > CANCELLATION_AGE.toNanos()) {
      askedAt = now;
      try {
        StateType type = api.readFlowRun(run.id()).state().type();
        cancelled = type == StateType.CANCELLING || type == StateType.CANCELLED;
      } catch (SheaveException e) {
        return false; // who can't be asked hasn't cancelled
      }
    }
    return cancelled;
  }
}
