package dev.sheave.infrastructure.docker;

import com.github.dockerjava.api.model.Container;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.StandingRun;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A container that stands, found by its labels. */
record StandingContainer(
    Engine engine,
    String container,
    UUID flowRunId,
    int attempt,
    Instant created,
    boolean isRunning)
    implements StandingRun {
  private static final Set<String> RUNNING = Set.of("running", "paused", "restarting");

  static List<StandingRun> list(Engine engine, UUID store) {
    return engine.containers(Map.of(RunRequest.STORE_ID_LABEL, store.toString())).stream()
        .flatMap(each -> of(engine, each).stream())
        .toList();
  }

  private static Optional<StandingRun> of(Engine engine, Container container) {
    Map<String, String> labels = container.getLabels();
    try {
      return Optional.of(
          new StandingContainer(
              engine,
              container.getId(),
              UUID.fromString(labels.getOrDefault(RunRequest.FLOW_RUN_ID_LABEL, "")),
              Integer.parseInt(labels.getOrDefault(RunRequest.ATTEMPT_LABEL, "")),
              Instant.ofEpochSecond(container.getCreated()),
              RUNNING.contains(Objects.requireNonNullElse(container.getState(), ""))));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // somebody else has put the label there
    }
  }

  @Override
  public String pid() {
    return engine.id() + ":" + container;
  }

  @Override
  public void remove() {
    engine.remove(container, container);
  }
}
