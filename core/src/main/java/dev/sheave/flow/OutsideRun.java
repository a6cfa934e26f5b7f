package dev.sheave.flow;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a flow sees that is called as a plain method. */
final class OutsideRun implements FlowRunContext {
  static final FlowRunContext CONTEXT = new OutsideRun();

  private OutsideRun() {}

  @Override
  public Optional<UUID> flowRunId() {
    return Optional.empty();
  }

  @Override
  public String flowRunName() {
    return "";
  }

  @Override
  public String flowName() {
    return "";
  }

  @Override
  public Optional<String> deploymentName() {
    return Optional.empty();
  }

  @Override
  public Map<String, @Nullable Object> parameters() {
    return Map.of();
  }

  @Override
  public Logger logger() {
    return LoggerFactory.getLogger(LOGGER_NAME);
  }

  @Override
  public boolean isCancelled() {
    return false;
  }
}
