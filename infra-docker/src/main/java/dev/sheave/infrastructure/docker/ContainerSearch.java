package dev.sheave.infrastructure.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Container;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.RunRequest;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the container of a run that this program or another has started. */
final class ContainerSearch {
  private static final Pattern PID = Pattern.compile("(?<engine>.+):(?<container>[0-9a-f]{64})");

  private final Engine engine;
  private final ContainerSpec spec;

  ContainerSearch(Engine engine, ContainerSpec spec) {
    this.engine = engine;
    this.spec = spec;
  }

  /** Finds it by the run and its attempt. */
  Optional<InspectContainerResponse> find() {
    return engine.containers(spec.identity()).stream()
        .min(Comparator.comparing(Container::getCreated))
        .flatMap(each -> engine.container(each.getId()));
  }

  /** See {@link dev.sheave.infrastructure.Infrastructure#attach}. */
  FollowedContainer attach(@Nullable String pid, @Nullable String position) {
    InspectContainerResponse found =
        (pid == null ? find() : findByPid(pid))
            .filter(each -> !ContainerState.of(each).isUnstarted())
            .orElseThrow(() -> notFound(pid));
    FollowedContainer followed = new FollowedContainer(engine, spec, found.getId());
    followed.follow(found, position);
    return followed;
  }

  private SheaveException notFound(@Nullable String pid) {
    RunRequest request = spec.request();
    return new SheaveException(
        Code.NOT_FOUND,
        pid == null
            ? "No container was started for attempt "
                + request.attempt()
                + " of flow run '"
                + request.flowRunId()
                + "' at '"
                + engine.host()
                + "'."
            : "The container '" + pid + "' no longer exists, or is another run's.");
  }

  private Optional<InspectContainerResponse> findByPid(String pid) {
    Matcher matcher = PID.matcher(pid);
    if (!matcher.matches()) {
      throw new SheaveException(
          Code.INVALID,
          "'" + pid + "' isn't the identifier of a container; it must be like 'ENGINE:CONTAINER'.");
    }
    if (!matcher.group("engine").equals(engine.id())) {
      throw new SheaveException(
          Code.OUT_OF_REACH,
          "The container '"
              + pid
              + "' runs on another engine than that at '"
              + engine.host()
              + "', which is '"
              + engine.id()
              + "'.");
    }
    return engine.container(matcher.group("container")).filter(this::isOfThisRun);
  }

  private boolean isOfThisRun(InspectContainerResponse container) {
    Map<String, String> labels =
        Objects.requireNonNullElse(container.getConfig().getLabels(), Map.of());
    return spec.request().flowRunId().toString().equals(labels.get(RunRequest.FLOW_RUN_ID_LABEL));
  }
}
