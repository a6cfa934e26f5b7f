package dev.sheave.infrastructure.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.Ended.Kind;
import dev.sheave.infrastructure.GrowingPause;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's container, started by this program or another. A thread reads its output; who doesn't
 * want that waits for the engine's events alone.
 */
final class FollowedContainer implements RunningInfrastructure {
  private static final Logger LOG = LoggerFactory.getLogger(DockerContainer.class);

  /** How long the output may go on after the end, before it is asked for anew. */
  private static final Duration LAST_OUTPUT = Duration.ofSeconds(10);

  /** How long after force was used the end may be on its way. */
  private static final Duration KILL_TIME = Duration.ofMinutes(2);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** A reader of output does little. */
  private static final int STACK_BYTES = 256 * 1024;

  private static final AtomicInteger THREADS = new AtomicInteger();

  private final Engine engine;
  private final ContainerSpec spec;
  private final String id;
  private final ContainerLog log;
  private final CompletableFuture<Ended> ended = new CompletableFuture<>();
  private final Runnable onEvent = this::mayHaveEnded;
  private volatile boolean isUnreadable;
  private volatile boolean isClosed;

  FollowedContainer(Engine engine, ContainerSpec spec, String id) {
    this.engine = engine;
    this.spec = spec;
    this.id = id;
    this.log = new ContainerLog(engine, id, spec.request().output(), spec.request().positions());
  }

  /**
   * Starts to follow it. Returns when the end is known, if it has ended already.
   *
   * @param now what the engine says of it
   * @param position where the output goes on; null for all of it
   */
  void follow(InspectContainerResponse now, @Nullable String position) {
    if (position != null) {
      log.continueAt(position);
    }
    Optional<Ended> end = ContainerState.of(now).end();
    if (end.isPresent()) {
      readRest();
      ended.complete(end.get());
      return;
    }
    engine.watch().add(id, onEvent);
    if (spec.block().streamOutput()) {
      Thread reader =
          new Thread(
              null, this::readLog, "sheave-docker-log-" + THREADS.incrementAndGet(), STACK_BYTES);
      reader.setDaemon(true);
      reader.start();
    } else {
      engine.watch().execute(this::completeIfEnded); // events before this weren't seen
    }
  }

  /** Takes it for one that never started, of which the engine notes nothing. */
  void neverStarted(SheaveException reason) {
    ended.complete(new Ended(Kind.NEVER_STARTED, OptionalInt.empty(), reason.getMessage()));
  }

  private void readLog() {
    GrowingPause pause = new GrowingPause(FIRST_PAUSE, LONGEST_PAUSE);
    while (!isClosed && !ended.isDone()) {
      try {
        log.read(true);
      } catch (SheaveException e) {
        if (e.code() != Code.UNAVAILABLE && e.code() != Code.NOT_FOUND) {
          giveUpOutput(e);
          return;
        }
        LOG.debug("The output of container '{}' broke off: {}", spec.name(), e.getMessage());
      } catch (RuntimeException e) { // of whoever takes the lines
        giveUpOutput(e);
        return;
      }
      Optional<Ended> end = look();
      if (end.isPresent()) {
        readRest(); // the engine ends what it sends at times before the last lines
        complete(end.get());
        return;
      }
      if (!pause.sleep()) {
        return;
      }
    }
  }

  /** From now on the end is awaited by events alone. */
  private void giveUpOutput(RuntimeException e) {
    if (!isClosed) {
      LOG.warn("The output of container '{}' can't be shown: {}", spec.name(), e.getMessage());
      isUnreadable = true;
      engine.watch().execute(this::completeIfEnded);
    }
  }

  /** Reads what is there of the output, and doesn't wait for more. */
  private void readRest() {
    if (!spec.block().streamOutput()) {
      return;
    }
    try {
      log.read(false);
      log.finish();
    } catch (SheaveException e) {
      LOG.warn("The output of container '{}' isn't complete: {}", spec.name(), e.getMessage());
    }
  }

  /** Called on a thread of the watch, which it must not hold up. */
  private void mayHaveEnded() {
    if (spec.block().streamOutput() && !isUnreadable) {
      engine.watch().later(log::breakOff, LAST_OUTPUT); // then the reader looks itself
    } else {
      engine.watch().execute(this::completeIfEnded);
    }
  }

  private void completeIfEnded() {
    look().ifPresent(this::complete);
  }

  private void complete(Ended end) {
    engine.watch().remove(id, onEvent);
    ended.complete(end);
  }

  /** Asks the engine; an engine that doesn't respond says nothing of the container. */
  private Optional<Ended> look() {
    try {
      return engine
          .container(id)
          .map(each -> ContainerState.of(each).end())
          .orElseGet(() -> Optional.of(Ended.gone("The container was removed.")));
    } catch (SheaveException e) {
      LOG.debug("Whether container '{}' has ended isn't known: {}", spec.name(), e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public String pid() {
    return engine.id() + ":" + id;
  }

  @Override
  public CompletionStage<Ended> ended() {
    return ended;
  }

  @Override
  public String position() {
    return log.position();
  }

  @Override
  public void kill(Duration grace) {
    if (grace.isZero() || !signal(stopSignal()) || !awaitEnd(grace)) {
      signal("SIGKILL");
      if (!awaitEnd(KILL_TIME)) {
        throw new SheaveException(
            Code.CONFLICT,
            "The container '"
                + spec.name()
                + "' has not ended, though it was killed; look at it with 'docker inspect "
                + id
                + "'.");
      }
    }
  }

  @Override
  public Duration stopGrace() {
    return Objects.requireNonNullElse(spec.block().stopGrace(), DEFAULT_STOP_GRACE);
  }

  private String stopSignal() {
    return engine
        .container(id)
        .map(each -> each.getConfig().getRawValues().get("StopSignal"))
        .map(Object::toString)
        .orElse("SIGTERM");
  }

  /** Returns whether it was running. */
  private boolean signal(String name) {
    try {
      engine.ensure(
          "kill the container '" + spec.name() + "'",
          docker -> docker.killContainerCmd(id).withSignal(name).exec());
      return true;
    } catch (SheaveException e) {
      if (e.code() == Code.CONFLICT) {
        return false; // it has ended
      }
      throw e;
    }
  }

  @Override
  public void remove() {
    close();
    if (spec.block().autoRemove()) {
      engine.remove(id, spec.name());
    }
  }

  @Override
  public void close() {
    isClosed = true;
    engine.watch().remove(id, onEvent);
    log.close();
  }
}
