package dev.sheave.infrastructure.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The start of one container. Its name makes it unique: of several who start the same run at once,
 * one creates it, and the others wait until that one has started it.
 */
final class ContainerStart {
  private static final Logger LOG = LoggerFactory.getLogger(DockerContainer.class);

  /** How long another program that has created the container may take to start it. */
  private static final Duration START_TIME = Duration.ofSeconds(10);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  private final Engine engine;
  private final ContainerSpec spec;
  private final ContainerSearch search;

  ContainerStart(Engine engine, ContainerSpec spec) {
    this.engine = engine;
    this.spec = spec;
    this.search = new ContainerSearch(engine, spec);
  }

  RunningInfrastructure start() {
    spec.checkApi();
    InspectContainerResponse container =
        search.find().map(this::awaitStart).orElseGet(this::create);
    FollowedContainer followed = new FollowedContainer(engine, spec, container.getId());
    if (ContainerState.of(container).isUnstarted()) {
      prepareOrRemove(container);
      Optional<SheaveException> refusal = execute(container.getId());
      container = engine.container(container.getId()).orElseThrow(this::vanished);
      if (refusal.isPresent() && ContainerState.of(container).isUnstarted()) {
        followed.neverStarted(refusal.get()); // Docker notes why, Podman doesn't
        return followed;
      }
    }
    followed.follow(container, null);
    return followed;
  }

  private InspectContainerResponse create() {
    new Image(engine, spec.image(), spec.block().platform())
        .ensure(
            spec.block().imagePullPolicy(),
            spec.block().imageRegistry(),
            spec.request().progress());
    LOG.info("Creating Docker container '{}'...", spec.name());
    try {
      String id =
          engine.call(
              "create the container '" + spec.name() + "'",
              docker -> spec.fill(docker.createContainerCmd(spec.image())).exec().getId());
      return engine.container(id).orElseThrow(this::vanished);
    } catch (SheaveException e) {
      if (e.code() != Code.CONFLICT) {
        throw e;
      }
      return awaitCreated(e);
    }
  }

  /** The engine takes a name before it lists the container. */
  private InspectContainerResponse awaitCreated(SheaveException conflict) {
    long deadline = System.nanoTime() + START_TIME.toNanos();
    do {
      Optional<InspectContainerResponse> found = search.find();
      if (found.isPresent()) {
        return awaitStart(found.get());
      }
      pause();
    } while (engine.container(spec.name()).isEmpty() && System.nanoTime() < deadline);
    return search.find().map(this::awaitStart).orElseThrow(() -> conflict); // it is a stranger's
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_INTERVAL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(
          Code.INTERRUPTED, "The start of container '" + spec.name() + "' was interrupted.", e);
    }
  }

  private SheaveException vanished() {
    return new SheaveException(
        Code.UNAVAILABLE,
        "The container '"
            + spec.name()
            + "' was removed before it was started; it is tried again.");
  }

  /** Gives whoever has created it the time to start it; that one may have died. */
  private InspectContainerResponse awaitStart(InspectContainerResponse created) {
    InspectContainerResponse now = created;
    long deadline = System.nanoTime() + START_TIME.toNanos();
    while (ContainerState.of(now).isUnstarted() && System.nanoTime() < deadline) {
      pause();
      now = engine.container(created.getId()).orElseThrow(this::vanished);
    }
    return now;
  }

  private void prepareOrRemove(InspectContainerResponse container) {
    try {
      prepare(container);
    } catch (SheaveException e) {
      if (e.code() != Code.UNAVAILABLE) { // what is half made isn't found by the next start
        engine.remove(container.getId(), spec.name());
      }
      throw e;
    }
  }

  /** Returns why the engine has refused it; empty if it hasn't. */
  private Optional<SheaveException> execute(String id) {
    try {
      engine.ensure(
          "start the container '" + spec.name() + "'",
          docker -> docker.startContainerCmd(id).exec());
      return Optional.empty();
    } catch (SheaveException e) {
      if (e.code() == Code.UNAVAILABLE) {
        throw e;
      }
      return Optional.of(e);
    }
  }

  private void prepare(InspectContainerResponse container) {
    for (String network : spec.furtherNetworks()) {
      if (!container.getNetworkSettings().getNetworks().containsKey(network)) {
        engine.call(
            "connect the container '" + spec.name() + "' to the network '" + network + "'",
            docker ->
                docker
                    .connectToNetworkCmd()
                    .withNetworkId(network)
                    .withContainerId(container.getId())
                    .exec());
      }
    }
    spec.request()
        .api()
        .key()
        .ifPresent(key -> KeyFile.copy(engine, container.getId(), key, spec.hasKeyVolume()));
  }
}
